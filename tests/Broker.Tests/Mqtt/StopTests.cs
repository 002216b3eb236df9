using ArtMqtt.Broker.Tests.Support;
using MQTTnet;

namespace ArtMqtt.Broker.Tests.Mqtt;

public sealed class StopTests
{
    [Fact]
    public async Task Acknowledges_what_it_has_taken_then_says_goodbye_then_stops()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        node.Spool.IsClosed = true;
        var client = await node.ConnectDeviceAsync("truck-1");
        var reason = new TaskCompletionSource<MqttClientDisconnectReason>();
        client.DisconnectedAsync += e =>
        {
            reason.TrySetResult(e.Reason);
            return Task.CompletedTask;
        };
        var publish = client.PublishAsync(
            Payloads.Position("art/devices/truck-1/position"), TestContext.Current.CancellationToken);
        await Soon.TrueAsync(() => node.Spool.Waiting == 1);
        using var idle = await RawMqtt.OpenAsync(node.Port);

        var stop = node.StopAsync();
        Assert.Empty(await idle.ReadToEndAsync());
        Assert.False(publish.IsCompleted);
        node.Spool.Release(1);

        Assert.Equal(MqttClientPublishReasonCode.Success, (await publish).ReasonCode);
        Assert.Equal(MqttClientDisconnectReason.ServerShuttingDown, await reason.Task);
        await stop;
    }

    [Fact]
    public async Task Does_not_wait_longer_than_allowed_for_a_full_spool()
    {
        await using var node = await BrokerNode.StartAsync([("DrainTimeout", "00:00:00.1"), ("AppendTimeout", "00:00:01")]);
        node.Fleet.AddDevice("truck-1");
        node.Spool.IsClosed = true;
        using var raw = await RawMqtt.ConnectDeviceAsync(node, "truck-1");
        await raw.SendAsync(RawMqtt.Publish("art/devices/truck-1/position", Payloads.Json(), quality: 1, packetId: 1));
        await Soon.TrueAsync(() => node.Spool.Waiting == 1);

        await node.StopAsync();

        Assert.Empty(await raw.ReadToEndAsync());
    }

    [Fact]
    public async Task A_taken_port_fails_the_start()
    {
        await using var node = await BrokerNode.StartAsync();

        await Assert.ThrowsAsync<IOException>(() => BrokerNode.StartAsync([("Port", $"{node.Port}")]));
    }
}
