using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Contracts.Positions;
using MQTTnet;
using MQTTnet.Formatter;

namespace ArtMqtt.Broker.Tests.Mqtt;

public sealed class PublishTests
{
    private const string Topic = "art/devices/truck-1/position";

    [Theory]
    [InlineData("mqttv5", "0")]
    [InlineData("mqttv5", "1")]
    [InlineData("mqttv5", "2")]
    [InlineData("mqttv311", "0")]
    [InlineData("mqttv311", "1")]
    [InlineData("mqttv311", "2")]
    [InlineData("mqttv31", "1")]
    public async Task Takes_positions_from_mosquitto_without_a_client_id(string version, string quality)
    {
        await using var node = await BrokerNode.StartAsync();
        var device = node.Fleet.AddDevice("truck-1");
        string[] id = version == "mqttv31" ? ["-i", "my-truck"] : [];

        var result = await Mosquitto.PublishAsync(
            node, "truck-1", "secret-truck-1", Topic, Payloads.Json(lat: 48.25), ["-V", version, "-q", quality, .. id]);

        Assert.True(result.ExitCode == 0, result.Error);
        await Soon.TrueAsync(() => node.Spool.Received.Count == 1);
        var received = Assert.Single(node.Spool.Received);
        Assert.Equal((device.Key, "truck-1", PositionRole.Device, null),
            (received.DeviceKey, received.DeviceId, received.Role, received.RequestId));
        Assert.Equal(48.25, Assert.Single(received.Positions).Position.Latitude);
        Assert.False(received.Positions[0].IsClockSuspect);
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V500)]
    [InlineData(MqttProtocolVersion.V311)]
    public async Task Acknowledges_only_after_the_append(MqttProtocolVersion version)
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        node.Spool.IsClosed = true;
        var client = await node.ConnectDeviceAsync("truck-1", version);

        var publish = client.PublishAsync(Payloads.Position(Topic), TestContext.Current.CancellationToken);
        await Soon.TrueAsync(() => node.Spool.Waiting == 1);
        await client.PingAsync(TestContext.Current.CancellationToken);

        Assert.False(publish.IsCompleted);
        node.Spool.Release(1);
        Assert.Equal(MqttClientPublishReasonCode.Success, (await publish).ReasonCode);
    }

    [Fact]
    public async Task Sends_PUBREC_only_after_the_append()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        node.Spool.IsClosed = true;
        using var raw = await RawMqtt.ConnectDeviceAsync(node, "truck-1");

        await raw.SendAsync(RawMqtt.Publish(Topic, Payloads.Json(), quality: 2, packetId: 9));
        await Soon.TrueAsync(() => node.Spool.Waiting == 1);
        await raw.SendAsync([0xC0, 0x00]);

        Assert.Equal([0xD0, 0x00], await raw.ReadAsync(2));
        node.Spool.Release(1);
        Assert.Equal([0x50, 0x02, 0x00, 0x09], await raw.ReadAsync(4));
        await raw.SendAsync([0x62, 0x02, 0x00, 0x09]);
        Assert.Equal([0x70, 0x02, 0x00, 0x09], await raw.ReadAsync(4));
    }

    [Fact]
    public async Task Appends_pipelined_publishes_together_and_acknowledges_them_in_order()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        node.Spool.IsClosed = true;
        using var raw = await RawMqtt.ConnectDeviceAsync(node, "truck-1");

        for (ushort id = 1; id <= 10; id++)
        {
            await raw.SendAsync(RawMqtt.Publish(Topic, Payloads.Json(lat: id), quality: 1, packetId: id));
        }

        await Soon.TrueAsync(() => node.Spool.Waiting == 10);
        node.Spool.Release(10);

        for (byte id = 1; id <= 10; id++)
        {
            Assert.Equal([0x40, 0x02, 0x00, id], await raw.ReadAsync(4));
        }

        Assert.Equal(10, node.Spool.Received.Count);
    }

    [Fact]
    public async Task Reads_no_further_when_too_many_publishes_wait()
    {
        await using var node = await BrokerNode.StartAsync([("MaxInFlight", "4")]);
        node.Fleet.AddDevice("truck-1");
        node.Spool.IsClosed = true;
        using var raw = await RawMqtt.ConnectDeviceAsync(node, "truck-1");

        for (ushort id = 1; id <= 30; id++)
        {
            await raw.SendAsync(RawMqtt.Publish(Topic, Payloads.Json(), quality: 1, packetId: id));
        }

        await Soon.TrueAsync(() => node.Spool.Waiting == 4);
        node.Spool.Release(30);
        for (byte id = 1; id <= 30; id++)
        {
            Assert.Equal([0x40, 0x02, 0x00, id], await raw.ReadAsync(4));
        }

        Assert.Equal(4, node.Spool.MostWaiting);
    }

    [Fact]
    public async Task Bad_payload_gets_0x99_becomes_a_dead_letter_and_leaves_the_connection_open()
    {
        await using var node = await BrokerNode.StartAsync([("DeadLettersPerMinute", "2")]);
        node.Fleet.AddDevice("truck-1");
        var client = await node.ConnectDeviceAsync("truck-1");

        for (var i = 0; i < 4; i++)
        {
            var bad = await client.PublishAsync(
                Payloads.Message(Topic, """{"lat":91,"lng":0,"timestamp":0}"""), TestContext.Current.CancellationToken);
            Assert.Equal(MqttClientPublishReasonCode.PayloadFormatInvalid, bad.ReasonCode);
            Assert.Contains("lat", bad.ReasonString, StringComparison.Ordinal);
        }

        var good = await client.PublishAsync(Payloads.Position(Topic), TestContext.Current.CancellationToken);
        Assert.Equal(MqttClientPublishReasonCode.Success, good.ReasonCode);
        Assert.Equal(2, node.Spool.Letters.Count);
        Assert.Equal(("truck-1", Topic, "position_field_out_of_range"),
            (node.Spool.Letters[0].DeviceId, node.Spool.Letters[0].Topic, node.Spool.Letters[0].Code));
        Assert.Single(node.Spool.Received);
    }

    [Fact]
    public async Task Bad_payload_of_an_old_client_is_acknowledged_and_kept()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");

        var result = await Mosquitto.PublishAsync(node, "truck-1", "secret-truck-1", Topic, "garbage", "-q", "1");

        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal("garbage"u8, Assert.Single(node.Spool.Letters).Payload.Span);
    }

    [Fact]
    public async Task Failing_spool_means_quota_exceeded_and_the_connection_stays()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        node.Spool.IsFailing = true;
        var client = await node.ConnectDeviceAsync("truck-1");

        var refused = await client.PublishAsync(Payloads.Position(Topic), TestContext.Current.CancellationToken);
        node.Spool.IsFailing = false;
        var accepted = await client.PublishAsync(Payloads.Position(Topic), TestContext.Current.CancellationToken);

        Assert.Equal(MqttClientPublishReasonCode.QuotaExceeded, refused.ReasonCode);
        Assert.Equal(MqttClientPublishReasonCode.Success, accepted.ReasonCode);
    }

    [Fact]
    public async Task Full_spool_means_quota_exceeded_after_the_time_limit()
    {
        await using var node = await BrokerNode.StartAsync([("AppendTimeout", "00:00:00.2")]);
        node.Fleet.AddDevice("truck-1");
        node.Spool.IsClosed = true;
        var client = await node.ConnectDeviceAsync("truck-1");

        var refused = await client.PublishAsync(Payloads.Position(Topic), TestContext.Current.CancellationToken);

        Assert.Equal(MqttClientPublishReasonCode.QuotaExceeded, refused.ReasonCode);
    }

    [Fact]
    public async Task Failing_spool_disconnects_an_old_client_without_PUBACK()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        node.Spool.IsFailing = true;
        using var raw = await RawMqtt.ConnectDeviceAsync(node, "truck-1");

        await raw.SendAsync(RawMqtt.Publish(Topic, Payloads.Json(), quality: 1, packetId: 1));

        Assert.Empty(await raw.ReadToEndAsync());
    }

    [Fact]
    public async Task Flags_a_clock_that_cannot_be_right_and_does_not_show_it_live()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        var (request, _) = node.Fleet.AddRequest("truck-1");
        var client = await node.ConnectDeviceAsync("truck-1");
        using var live = new RecordingListener(node.Live);

        await client.PublishAsync(
            Payloads.Message(Topic, Payloads.Json(lat: 1, secondsAgo: -3600)), TestContext.Current.CancellationToken);
        await client.PublishAsync(
            Payloads.Message(Topic, Payloads.Json(lat: 2, secondsAgo: 5)), TestContext.Current.CancellationToken);

        await Soon.TrueAsync(() => live.Locations.Count == 1);
        Assert.Equal((request.RequestId, 2d), (live.Locations[0].RequestId, live.Locations[0].Event.Lat));
        Assert.Equal([true, false], node.Spool.Received.Select(r => r.Positions[0].IsClockSuspect));
        Assert.All(node.Spool.Received, r => Assert.Equal((PositionRole.Operator, request.RequestId), (r.Role, r.RequestId)));
    }

    [Fact]
    public async Task Takes_topic_aliases()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        var (client, connected) = await node.ConnectAsync(node.DeviceOptions("truck-1"));
        Assert.Equal(16, connected.TopicAliasMaximum);

        var named = Payloads.Position(Topic);
        named.TopicAlias = 3;
        await client.PublishAsync(named, TestContext.Current.CancellationToken);
        var aliased = Payloads.Position(Topic);
        (aliased.Topic, aliased.TopicAlias) = ("", 3);
        var result = await client.PublishAsync(aliased, TestContext.Current.CancellationToken);

        Assert.Equal(MqttClientPublishReasonCode.Success, result.ReasonCode);
        Assert.Equal(2, node.Spool.Received.Count);
    }

    [Fact]
    public async Task What_was_taken_is_stored_even_if_the_client_is_gone()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        node.Spool.IsClosed = true;
        using (var raw = await RawMqtt.ConnectDeviceAsync(node, "truck-1"))
        {
            await raw.SendAsync(RawMqtt.Publish(Topic, Payloads.Json(), quality: 1, packetId: 1));
            await Soon.TrueAsync(() => node.Spool.Waiting == 1);
        }

        node.Spool.Release(1);

        await Soon.TrueAsync(() => node.Spool.Received.Count == 1);
    }
}
