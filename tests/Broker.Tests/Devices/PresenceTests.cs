using System.Collections.Concurrent;
using System.Text.Json;
using ArtMqtt.Broker.Mqtt.Routing;
using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Live;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MQTTnet;

namespace ArtMqtt.Broker.Tests.Devices;

public sealed class PresenceTests
{
    [Fact]
    public async Task Says_online_and_offline_retained()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        using var dispatcher = await Mosquitto.SubscribeAsync(
            node, "dispatcher", node.DispatcherToken, "-q", "1", "-t", "art/devices/+/presence");

        var client = await node.ConnectDeviceAsync("truck-1");
        Assert.StartsWith(
            "> 0 1 art/devices/truck-1/presence {\"state\":\"online\",\"since\":",
            await dispatcher.ReadMessageAsync(), StringComparison.Ordinal);

        using var late = await Mosquitto.SubscribeAsync(
            node, "dispatcher", node.DispatcherToken, "-q", "1", "-t", "art/devices/+/presence");
        Assert.StartsWith("> 1 1 art/devices/truck-1/presence", await late.ReadMessageAsync(), StringComparison.Ordinal);

        await client.DisconnectAsync(new MqttClientDisconnectOptions(), TestContext.Current.CancellationToken);
        Assert.Contains("\"offline\"", await dispatcher.ReadMessageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Those_who_watch_a_request_are_told_of_the_device_that_serves_it()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        var (first, _) = node.Fleet.AddRequest("truck-1");
        var listener = new PresenceListener();
        using var subscription = node.Live.SubscribeAll(listener);

        var client = await node.ConnectDeviceAsync("truck-1");
        await Soon.TrueAsync(() => listener.Told.SequenceEqual([(first.RequestId, "online")]));

        // Another request: those who watch that one do not know yet.
        node.Fleet.Change(first.RequestId, _ => null);
        var (second, _) = node.Fleet.AddRequest("truck-1");
        await Soon.TrueAsync(() => listener.Told.Skip(1).SequenceEqual([(second.RequestId, "online")]));

        await client.DisconnectAsync(new MqttClientDisconnectOptions(), TestContext.Current.CancellationToken);
        await Soon.TrueAsync(() => listener.Told.Skip(2).SequenceEqual([(second.RequestId, "offline")]));
        await node.ConnectDeviceAsync("truck-1");
        await Soon.TrueAsync(() => listener.Told.Skip(3).SequenceEqual([(second.RequestId, "online")]));
    }

    [Fact]
    public async Task A_device_that_takes_over_its_own_connection_stays_online()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        using var dispatcher = await Mosquitto.SubscribeAsync(
            node, "dispatcher", node.DispatcherToken, "-t", "art/devices/+/presence");
        await node.ConnectDeviceAsync("truck-1");
        var second = await node.ConnectDeviceAsync("truck-1");

        await second.DisconnectAsync(new MqttClientDisconnectOptions(), TestContext.Current.CancellationToken);

        Assert.Contains("\"online\"", await dispatcher.ReadMessageAsync(), StringComparison.Ordinal);
        Assert.Contains("\"offline\"", await dispatcher.ReadMessageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_does_not_come_back_after_a_restart_goes_offline()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var node = await BrokerNode.StartAsync(time: time);
        var topics = node.Services.GetRequiredService<ServerTopics>();
        topics.PublishState(
            Topics.DevicePresence("gone"), """{"state":"online","since":1}"""u8.ToArray(), isNewestWins: true);
        node.Fleet.AddDevice("truck-1");
        await node.ConnectAsync(node.DeviceOptions("truck-1").WithKeepAlivePeriod(TimeSpan.FromMinutes(10)));

        Assert.Equal("online", StateOf(topics, "gone"));
        time.Advance(TimeSpan.FromSeconds(61));

        await Soon.TrueAsync(() => StateOf(topics, "gone") == "offline");

        Assert.Equal("online", StateOf(topics, "truck-1"));
    }

    private sealed class PresenceListener : ILiveListener
    {
        private readonly ConcurrentQueue<(Guid RequestId, string State)> _told = [];

        public IReadOnlyList<(Guid RequestId, string State)> Told => [.. _told];

        public void OnEvent(Guid requestId, NumberedEvent numbered)
        {
            if (numbered.Event is PresenceEvent presence)
            {
                _told.Enqueue((requestId, presence.State));
            }
        }
    }

    private static string? StateOf(ServerTopics topics, string deviceId) =>
        topics.FindState(Topics.DevicePresence(deviceId)) is { } json
            ? JsonDocument.Parse(json).RootElement.GetProperty("state").GetString()
            : null;
}
