using System.Globalization;
using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Contracts.Positions;
using MQTTnet;
using MQTTnet.Formatter;

namespace ArtMqtt.Broker.Tests.FrontDoors;

/// <summary>OwnTracks apps over MQTT.</summary>
public sealed class OwnTracksMqttTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_location_is_stored_and_shown_in_the_request_the_device_serves()
    {
        await using var node = await BrokerNode.StartAsync();
        using var listener = new RecordingListener(node.Live);
        node.Fleet.AddDevice("truck-1");
        var (request, _) = node.Fleet.AddRequest("truck-1");

        var result = await Mosquitto.PublishAsync(
            node, "truck-1", "secret-truck-1", "owntracks/truck-1/phone", Location(), "-q", "1", "-r");

        Assert.True(result.ExitCode == 0, result.Error);
        var received = Assert.Single(node.Spool.Received);
        Assert.Equal(("truck-1", PositionRole.Operator, request.RequestId),
            (received.DeviceId, received.Role, received.RequestId));
        Assert.Equal((48.1374123, 10f), (received.Positions[0].Position.Latitude, received.Positions[0].Position.Speed));
        await Soon.TrueAsync(() => listener.Locations.Count == 1);
        Assert.Equal((request.RequestId, 48.1374123), (listener.Locations[0].RequestId, listener.Locations[0].Event.Lat));
    }

    [Fact]
    public async Task An_app_connects_with_its_will_and_its_subscriptions_and_goes_on_when_some_are_refused()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        var options = node.Options("truck-1", "secret-truck-1", MqttProtocolVersion.V311).WithClientId("truck-1 phone")
            .WithCleanSession(false).WithWillTopic("owntracks/truck-1/phone").WithWillPayload("""{"_type":"lwt"}""");
        var (app, connected) = await node.ConnectAsync(options);
        Assert.Equal(MqttClientConnectResultCode.Success, connected.ResultCode);

        var subscribed = await app.SubscribeAsync(
            new MqttClientSubscribeOptionsBuilder()
                .WithTopicFilter("owntracks/+/+").WithTopicFilter("owntracks/+/+/event")
                .WithTopicFilter("owntracks/+/+/info").WithTopicFilter("owntracks/truck-1/phone/cmd")
                .Build(),
            Token);
        var published = await app.PublishAsync(Payloads.Message("owntracks/truck-1/phone", Location()), Token);

        Assert.Equal(
            ["UnspecifiedError", "UnspecifiedError", "UnspecifiedError", "GrantedQoS0"],
            subscribed.Items.Select(item => item.ResultCode.ToString()));
        Assert.Equal(MqttClientPublishReasonCode.Success, published.ReasonCode);
        Assert.Single(node.Spool.Received);
    }

    [Theory]
    [InlineData("owntracks/truck-2/phone")]
    [InlineData("owntracks/truck-1/phone/cmd")]
    [InlineData("owntracks/truck-1")]
    [InlineData("owntracks/Truck-1/phone")]
    public async Task What_is_not_the_devices_own_is_denied(string topic)
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        node.Fleet.AddDevice("truck-2");
        var app = await node.ConnectDeviceAsync("truck-1");

        var result = await app.PublishAsync(Payloads.Message(topic, Location()), Token);

        Assert.Equal(MqttClientPublishReasonCode.NotAuthorized, result.ReasonCode);
        Assert.Empty(node.Spool.Received);
        Assert.Empty(node.Spool.Letters);
    }

    [Fact]
    public async Task Customers_and_dispatchers_are_no_OwnTracks_devices()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        var (_, token) = node.Fleet.AddRequest("truck-1");

        foreach (var (user, password) in ((string, string)[])[("customer", token), ("dispatcher", node.DispatcherToken)])
        {
            var result = await Mosquitto.PublishAsync(
                node, user, password, "owntracks/truck-1/phone", Location(), "-q", "1", "-V", "mqttv5");
            Assert.Contains("Not authorized", result.Output + result.Error, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Empty(node.Spool.Received);
    }

    [Theory]
    [InlineData("event", """{"_type":"transition","wtst":1766620800,"tst":1767225600,"event":"leave","t":"b","acc":1}""")]
    [InlineData("waypoints", """{"_type":"waypoints","waypoints":[]}""")]
    [InlineData("status", """{"_type":"status","android":{"hib":0}}""")]
    [InlineData("dump", """{"_type":"dump","configuration":{}}""")]
    [InlineData("step", """{"_type":"steps","steps":5,"tst":1767225600}""")]
    [InlineData("new", """{"_type":"of-tomorrow"}""")]
    [InlineData("info", "")]
    public async Task What_says_nothing_about_the_place_is_acknowledged_and_not_kept(string below, string payload)
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        var app = await node.ConnectDeviceAsync("truck-1");

        var result = await app.PublishAsync(Payloads.Message($"owntracks/truck-1/phone/{below}", payload), Token);

        Assert.Equal(MqttClientPublishReasonCode.Success, result.ReasonCode);
        Assert.Empty(node.Spool.Received);
        Assert.Empty(node.Spool.Letters);
    }

    [Fact]
    public async Task A_transition_with_a_place_is_a_position()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        var app = await node.ConnectDeviceAsync("truck-1");
        var payload = """{"_type":"transition","wtst":1,"lat":48.1,"lon":11.5,"tst":1767225600,"event":"enter","acc":9}""";

        await app.PublishAsync(Payloads.Message("owntracks/truck-1/phone/event", payload), Token);

        var received = Assert.Single(node.Spool.Received);
        Assert.Equal((PositionRole.Device, 9f), (received.Role, received.Positions[0].Position.Accuracy));
    }

    [Theory]
    [InlineData("""{"_type":"encrypted","data":"AAAA"}""", "position_encrypted", "switch the encryption of the app off")]
    [InlineData("""{"_type":"location","lat":48.1}""", "position_field_missing", "'lon' is required")]
    [InlineData("nonsense", "position_malformed", "not valid JSON")]
    public async Task What_cannot_be_read_is_refused_with_the_reason_and_kept(string payload, string code, string reason)
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        var app = await node.ConnectDeviceAsync("truck-1");

        var result = await app.PublishAsync(Payloads.Message("owntracks/truck-1/phone", payload), Token);

        Assert.Equal(MqttClientPublishReasonCode.PayloadFormatInvalid, result.ReasonCode);
        Assert.Contains(reason, result.ReasonString, StringComparison.Ordinal);
        var letter = Assert.Single(node.Spool.Letters);
        Assert.Equal((code, "owntracks/truck-1/phone"), (letter.Code, letter.Topic));
    }

    [Fact]
    public async Task A_payload_of_ours_on_a_topic_of_theirs_is_no_position()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        var app = await node.ConnectDeviceAsync("truck-1");

        var result = await app.PublishAsync(Payloads.Position("owntracks/truck-1/phone"), Token);

        Assert.Equal(MqttClientPublishReasonCode.PayloadFormatInvalid, result.ReasonCode);
    }

    private static string Location() => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        {"_type":"location","acc":12,"alt":519,"batt":87,"bs":1,"cog":270,"conn":"m","lat":48.1374123,"lon":11.5755987,
         "t":"u","tid":"t1","tst":{{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()}},"vac":3,"vel":36}
        """);
}
