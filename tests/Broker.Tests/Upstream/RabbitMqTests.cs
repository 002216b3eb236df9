using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.TestKit;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace ArtMqtt.Broker.Tests.Upstream;

/// <summary>Positions that come from RabbitMQ, which knows MQTT 3.1.1 only and no shared subscriptions.</summary>
public sealed class RabbitMqTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_not_kept_comes_again_to_the_next_node()
    {
        Assert.SkipUnless(RabbitMqServer.IsInstalled, "RabbitMQ is not installed (apt-get install rabbitmq-server).");
        using var rabbit = await RabbitMqServer.StartAsync(Token);
        using var publisher = new MqttClientFactory().CreateMqttClient();
        await publisher.ConnectAsync(
            new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", rabbit.MqttPort).WithProtocolVersion(MqttProtocolVersion.V311).Build(), Token);
        await using (var node = await StartAsync(rabbit))
        {
            using var acknowledged = new CountedMeasurements(node.Services, "artmqtt.broker.upstream.messages.acknowledged");
            await Soon.TrueAsync(() => UpstreamHealth.IsServing(node));
            await PublishAsync(publisher, 0, 50);
            await Soon.TrueAsync(() => acknowledged.Tags.Count == 50);
            Assert.Equal(Latitudes(0, 50), node.Spool.Received.Select(r => r.Positions[0].Position.Latitude));

            using var held = new CountedMeasurements(node.Services, "artmqtt.broker.upstream.messages.held");
            node.Spool.IsFailing = true;
            await PublishAsync(publisher, 50, 50);
            await Soon.TrueAsync(() => held.Tags.Count > 0);
            await node.StopAsync();
            Assert.Equal(50, acknowledged.Tags.Count);
        }

        // What comes while there is no node waits there.
        await PublishAsync(publisher, 100, 50);
        await using var next = await StartAsync(rabbit);
        await Soon.TrueAsync(() => next.Spool.Received.Count >= 100);
        Assert.Equal(Latitudes(50, 100), next.Spool.Received.Select(r => r.Positions[0].Position.Latitude));
    }

    private static IEnumerable<double> Latitudes(int first, int count) => Enumerable.Range(first, count).Select(number => number / 10d);

    private static Task<BrokerNode> StartAsync(RabbitMqServer rabbit) => BrokerNode.StartAsync(
        [("DrainTimeout", "00:00:00.100"), ("Upstream:Servers:0", $"127.0.0.1:{rabbit.MqttPort}")], devices: ["truck-1"]);

    private static async Task PublishAsync(IMqttClient publisher, int first, int count)
    {
        foreach (var latitude in Latitudes(first, count))
        {
            await publisher.PublishAsync(
                Payloads.Message("art/devices/truck-1/position", Payloads.Json(latitude), MqttQualityOfServiceLevel.AtLeastOnce), Token);
        }
    }
}
