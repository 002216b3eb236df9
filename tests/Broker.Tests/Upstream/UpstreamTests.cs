using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.TestKit;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MQTTnet;
using MQTTnet.Protocol;

namespace ArtMqtt.Broker.Tests.Upstream;

/// <summary>Positions that come from another broker: Mosquitto, and one of MQTT 3.1.1 only.</summary>
public sealed class UpstreamTests : IAsyncLifetime
{
    private readonly TestCertificates _files = new();
    private readonly IMqttClient _publisher = new MqttClientFactory().CreateMqttClient();
    private MosquittoServer? _mosquitto;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _publisher.Dispose();
        _mosquitto?.Dispose();
        _files.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Connections_share_what_comes_and_it_is_shown_live()
    {
        await StartMosquittoAsync();
        await using var node = await StartAsync(("Connections", "2"), ("ShareGroup", "artmqtt"));
        var (request, _) = node.Fleet.AddRequest("truck-1");
        using var live = new RecordingListener(node.Live);
        await ServingAsync(node, "2 of 2 connections serve.");

        for (var number = 0; number < 100; number++)
        {
            await PublishAsync($"art/devices/truck-{1 + (number % 2)}/position", Payloads.Json(number / 10d, 200 - number));
        }

        await Soon.TrueAsync(() => node.Spool.Received.Count >= 100);
        Assert.Equal(
            Enumerable.Range(0, 100).Select(number => number / 10d), node.Spool.Received.Select(r => r.Positions[0].Position.Latitude).Order());
        await Soon.TrueAsync(() => live.Locations.Count > 0);
        Assert.Equal(request.RequestId, live.Locations[0].RequestId);
    }

    [Fact]
    public async Task What_cannot_be_kept_stays_upstream_until_it_can()
    {
        await StartMosquittoAsync();
        await using (var node = await StartAsync())
        {
            await ServingAsync(node);
            using var held = new CountedMeasurements(node.Services, "artmqtt.broker.upstream.messages.held");
            using var acknowledged = new CountedMeasurements(node.Services, "artmqtt.broker.upstream.messages.acknowledged");
            node.Spool.IsFailing = true;
            await PublishManyAsync(0, 50);
            await Soon.TrueAsync(() => held.Tags.Count > 0);
            Assert.Empty(acknowledged.Tags);

            node.Spool.IsFailing = false;
            await Soon.TrueAsync(() => acknowledged.Tags.Count == 50);
            Assert.Equal(50, node.Spool.Received.Count);

            var before = held.Tags.Count;
            node.Spool.IsFailing = true;
            await PublishManyAsync(50, 50);
            await Soon.TrueAsync(() => held.Tags.Count > before);
            await node.StopAsync();
            Assert.Equal(50, acknowledged.Tags.Count);
        }

        await using var next = await StartAsync();
        await Soon.TrueAsync(() => next.Spool.Received.Count >= 50);
        Assert.Equal(
            Enumerable.Range(50, 50).Select(number => number / 10d), next.Spool.Received.Select(r => r.Positions[0].Position.Latitude));
    }

    [Fact]
    public async Task What_is_no_position_of_a_device_of_ours_is_a_dead_letter_and_holds_nothing_up()
    {
        await StartMosquittoAsync();
        await using var node = await StartAsync();
        using var refused = new CountedMeasurements(node.Services, "artmqtt.broker.upstream.messages.refused");
        await ServingAsync(node);

        await PublishAsync("art/devices/truck-9/position", Payloads.Json());
        await PublishAsync("art/devices/truck-1/position", "nonsense");
        await PublishAsync("art/devices/Truck-1/position", Payloads.Json());
        await PublishAsync("art/devices/truck-1/position", Payloads.Json());

        await Soon.TrueAsync(() => node.Spool.Received.Count > 0);
        Assert.Equal(
            [("truck-9", "position_device_unknown"), ("truck-1", "position_malformed"), ("", "position_topic_unknown")],
            node.Spool.Letters.Select(letter => (letter.DeviceId, letter.Code)));
        Assert.Equal(["code=position_device_unknown", "code=position_malformed", "code=position_topic_unknown"], refused.Tags);
        Assert.Single(node.Spool.Received);
    }

    [Fact]
    public async Task Over_tls_we_show_our_certificate_and_topics_of_others_stand_for_ours()
    {
        await _files.MakeAuthorityAsync("ca");
        await _files.MakeServerAsync("server", "ca");
        await _files.MakeAsync("node", "ca", "/CN=node-1", "extendedKeyUsage=clientAuth");
        var port = Ports.Free();
        await StartMosquittoAsync(
            $"listener {port} 127.0.0.1", $"cafile {_files["ca.pem"]}", $"certfile {_files["server.pem"]}",
            $"keyfile {_files["server.key"]}", "require_certificate true");
        (string, string)[] settings =
        [
            ("Servers:0", $"mqtts://127.0.0.1:{port}"), ("CaFile", _files["ca.pem"]),
            ("Topics:0:Filter", "fleet/+/gps"), ("Topics:0:Topic", "art/devices/{1}/position"),
        ];
        await using (var stranger = await StartAsync([.. settings, ("ClientId", "stranger")]))
        {
            await Soon.TrueAsync(() => UpstreamHealth.Of(stranger) is { Status: HealthStatus.Degraded } h && !h.Description!.Contains("not connected yet"));
        }

        await using var node = await StartAsync(
            [.. settings, ("CertificateFile", _files["node.pem"]), ("KeyFile", _files["node.key"])]);
        await ServingAsync(node);

        await PublishAsync("fleet/truck-1/gps", Payloads.Json());

        await Soon.TrueAsync(() => node.Spool.Received.Count > 0);
        Assert.Equal("truck-1", node.Spool.Received[0].DeviceId);
    }

    [Fact]
    public async Task A_server_that_is_gone_is_looked_for_and_the_next_one_is_tried()
    {
        await StartMosquittoAsync();
        await using var node = await StartAsync(
            ("Servers:0", $"127.0.0.1:{Ports.Free()}"), ("Servers:1", $"127.0.0.1:{_mosquitto!.Port}"), ("MaxRetryDelay", "00:00:00.500"));
        await ServingAsync(node);

        await _mosquitto.KillAsync(Token);
        await Soon.TrueAsync(() => UpstreamHealth.Of(node).Status == HealthStatus.Degraded);
        await _mosquitto.StartAgainAsync(Token);
        await ServingAsync(node);

        await PublishAsync("art/devices/truck-1/position", Payloads.Json());
        await Soon.TrueAsync(() => node.Spool.Received.Count > 0);
    }

    [Fact]
    public async Task An_old_broker_is_spoken_to_in_its_words_and_acknowledgements_keep_the_order()
    {
        using var old = new OldBroker();
        await using var node = await StartAsync(("Servers:0", $"127.0.0.1:{old.Port}"));
        node.Spool.IsClosed = true;

        foreach (var packetId in (ushort[])[5, 3, 9])
        {
            await old.PublishAsync("art/devices/truck-1/position", Payloads.Json(packetId), packetId);
        }

        await Soon.TrueAsync(() => node.Spool.Waiting == 3);
        node.Spool.Release(3);
        foreach (var packetId in (ushort[])[5, 3, 9])
        {
            Assert.Equal(packetId, await old.AcknowledgedAsync());
        }

        Assert.Equal([5, 4], old.Levels);
        Assert.Contains("art/devices/+/position", old.Filters);
    }

    private async Task StartMosquittoAsync(params string[] settings)
    {
        _mosquitto = await MosquittoServer.StartAsync(Token, settings);
        await ConnectAsync();
    }

    private async Task ConnectAsync() => await _publisher.ConnectAsync(
        new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", _mosquitto!.Port).Build(), Token);

    private Task<BrokerNode> StartAsync(params (string Option, string Value)[] settings) => BrokerNode.StartAsync(
        [("DrainTimeout", "00:00:00.100"), ("Upstream:Servers:0", $"127.0.0.1:{_mosquitto?.Port}"), .. settings.Select(s => ($"Upstream:{s.Option}", s.Value))],
        devices: ["truck-1", "truck-2"]);

    private static Task ServingAsync(BrokerNode node, string words = "1 of 1 connections serve.") =>
        Soon.TrueAsync(() => UpstreamHealth.IsServing(node, words));

    private async Task PublishManyAsync(int first, int count)
    {
        for (var number = first; number < first + count; number++)
        {
            await PublishAsync("art/devices/truck-1/position", Payloads.Json(number / 10d));
        }
    }

    private async Task PublishAsync(string topic, string payload)
    {
        if (!_publisher.IsConnected)
        {
            await ConnectAsync();
        }

        await _publisher.PublishAsync(Payloads.Message(topic, payload, MqttQualityOfServiceLevel.AtLeastOnce), Token);
    }
}
