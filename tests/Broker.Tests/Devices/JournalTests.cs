using ArtMqtt.Broker.Devices;
using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Contracts.Devices;
using Microsoft.Extensions.Time.Testing;
using MQTTnet;

namespace ArtMqtt.Broker.Tests.Devices;

/// <summary>What happens to devices is written down, and not more of it than somebody can read.</summary>
public sealed class JournalTests
{
    [Fact]
    public async Task Connections_and_refused_sign_ins_are_written_down()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        var (device, _) = await node.ConnectAsync(node.DeviceOptions("truck-1").WithUserProperty("agent", "test/1"u8.ToArray()));
        await device.DisconnectAsync(cancellationToken: TestContext.Current.CancellationToken);
        await EventsAsync(node, 2);
        foreach (var name in new[] { "truck-1", "nobody" })
        {
            var (_, refused) = await node.ConnectAsync(node.Options(name, "wrong").WithClientId("x"));
            Assert.Equal(MqttClientConnectResultCode.BadUserNameOrPassword, refused.ResultCode);
        }

        var (again, _) = await node.ConnectAsync(node.DeviceOptions("truck-1"));
        var (taker, _) = await node.ConnectAsync(node.DeviceOptions("truck-1"));
        var events = await EventsAsync(node, 6);

        Assert.All(events, happened => Assert.Equal("truck-1", happened.DeviceId));
        Assert.Equal(
            [
                (DeviceEventKind.Connected, "", true), (DeviceEventKind.Disconnected, "client", false),
                (DeviceEventKind.Refused, "credentials", false), (DeviceEventKind.Connected, "", true),
                (DeviceEventKind.Connected, "", true), (DeviceEventKind.Disconnected, "SessionTakenOver", true),
            ],
            events.Select(happened => (happened.Kind, happened.Reason, happened.IsOnline)));
        Assert.Equal(("truck-1", "127.0.0.1", "MQTT 5, tcp", "test/1"), (
            events[0].ClientId, events[0].Address, events[0].Protocol, events[0].Agent));
        Assert.False(again.IsConnected && taker.IsConnected);
    }

    [Fact]
    public async Task How_connections_end_with_the_broker_is_written_down_before_it_stops()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        await node.ConnectDeviceAsync("truck-1");

        await node.StopAsync();

        Assert.Equal("ServerShuttingDown", node.Spool.Events[^1].Reason);
    }

    [Fact]
    public void Of_a_device_that_flaps_the_newest_event_of_a_minute_is_kept()
    {
        var time = new FakeTimeProvider();
        var budget = new DeviceEventBudget(time);
        for (var i = 0; i < DeviceEventBudget.PerMinute; i++)
        {
            Assert.True(budget.TryTake(Event("flaps", i), out _));
        }

        Assert.False(budget.TryTake(Event("flaps", 100), out var first));
        Assert.False(budget.TryTake(Event("flaps", 101), out var second));
        Assert.Equal((false, true), (first, second));
        Assert.True(budget.TryTake(Event("other", 0), out _));
        Assert.True(budget.TryTake(Event("flaps", 0) with { Kind = DeviceEventKind.Refused }, out _));
        Assert.Empty(budget.TakeHeld());

        time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal([Event("flaps", 101)], budget.TakeHeld());
        Assert.True(budget.TryTake(Event("flaps", 102), out _));
    }

    private static DeviceEvent Event(string deviceId, int second) =>
        new(deviceId, DeviceEventKind.Connected, DateTimeOffset.UnixEpoch.AddSeconds(second), IsOnline: true);

    private static async Task<IReadOnlyList<DeviceEvent>> EventsAsync(BrokerNode node, int count)
    {
        await Soon.TrueAsync(() => node.Spool.Events.Count >= count);
        return node.Spool.Events;
    }
}
