using System.Collections.Concurrent;
using ArtMqtt.Broker.Mirror;
using ArtMqtt.Broker.Mqtt.Connections;
using ArtMqtt.Broker.Mqtt.Routing;
using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Requests;
using Microsoft.Extensions.DependencyInjection;
using MQTTnet;
using MQTTnet.Protocol;

namespace ArtMqtt.Broker.Tests.Mirror;

public sealed class MirrorTests
{
    [Fact]
    public async Task A_customer_with_mosquitto_sees_the_operator_move()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        var (request, token) = node.Fleet.AddRequest("truck-1");
        using var customer = await Mosquitto.SubscribeAsync(
            node, "customer", token, "-t", $"art/requests/{request.RequestId:D}/#");
        var device = await node.ConnectDeviceAsync("truck-1");

        await device.PublishAsync(
            Payloads.Message("art/devices/truck-1/position", """{"lat":48.5,"lng":11.25,"timestamp":NOW,"speed":12.5}"""
                .Replace("NOW", $"{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}", StringComparison.Ordinal)),
            TestContext.Current.CancellationToken);

        var line = await customer.ReadMessageAsync();
        Assert.StartsWith($"> 0 0 art/requests/{request.RequestId:D}/operator/position ", line, StringComparison.Ordinal);
        Assert.Contains("\"lat\":48.5,\"lng\":11.25,\"timestamp\":", line, StringComparison.Ordinal);
        Assert.Contains("\"speed\":12.5", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_status_is_retained_for_those_who_come_later()
    {
        await using var node = await BrokerNode.StartAsync();
        var (request, token) = node.Fleet.AddRequest("truck-1");
        var filter = $"art/requests/{request.RequestId:D}/status";
        using var early = await Mosquitto.SubscribeAsync(node, "customer", token, "-q", "1", "-t", filter);

        await node.Live.PublishAsync(
            request.RequestId, new StatusEvent(RequestStatus.EnRoute, RequestStatus.Assigned, 1_000, "dispatcher"),
            TestContext.Current.CancellationToken);

        const string Expected = """{"status":"en_route","previous":"assigned","at":1000,"by":"dispatcher"}""";
        Assert.Equal($"> 0 1 {filter} {Expected}", await early.ReadMessageAsync());
        using var late = await Mosquitto.SubscribeAsync(node, "customer", token, "-q", "1", "-t", filter);
        Assert.Equal($"> 1 1 {filter} {Expected}", await late.ReadMessageAsync());
    }

    [Fact]
    public async Task The_eta_is_retained_until_the_operator_arrives()
    {
        await using var node = await BrokerNode.StartAsync();
        var (request, token) = node.Fleet.AddRequest("truck-1", RequestStatus.EnRoute);
        var filter = $"art/requests/{request.RequestId:D}/eta";
        using var early = await Mosquitto.SubscribeAsync(node, "customer", token, "-q", "1", "-t", filter);

        await node.Live.PublishAsync(
            request.RequestId, new EtaEvent(600, 1_600_000, 5_000, 480, 900, "history", 1_000_000) { Threshold = 600 },
            TestContext.Current.CancellationToken);

        const string Expected = """
            {"etaSeconds":600,"etaAt":1600000,"distanceMeters":5000,"low":480,"high":900,"source":"history","computedAt":1000000,"threshold":600}
            """;
        Assert.Equal($"> 0 1 {filter} {Expected}", await early.ReadMessageAsync());
        using var late = await Mosquitto.SubscribeAsync(node, "customer", token, "-q", "1", "-t", filter);
        Assert.Equal($"> 1 1 {filter} {Expected}", await late.ReadMessageAsync());

        node.Fleet.Change(request.RequestId, r => r with { Status = RequestStatus.Arrived });
        await node.Live.PublishAsync(
            request.RequestId, new StatusEvent(RequestStatus.Arrived, RequestStatus.EnRoute, 2_000, "arrival"),
            TestContext.Current.CancellationToken);
        Assert.Equal($"> 0 1 {filter}", (await early.ReadMessageAsync()).TrimEnd());
        var topics = node.Services.GetRequiredService<ServerTopics>();
        Assert.Null(topics.FindState(filter));
    }

    [Fact]
    public async Task An_eta_of_a_drive_that_ended_while_the_broker_was_down_ends_at_the_start()
    {
        await using var node = await BrokerNode.StartAsync();
        var topics = node.Services.GetRequiredService<ServerTopics>();
        node.Fleet.IsLoaded = false;
        var (driving, _) = node.Fleet.AddRequest("truck-1", RequestStatus.EnRoute);
        var (arrived, _) = node.Fleet.AddRequest("truck-2", RequestStatus.Arrived);
        var over = Guid.NewGuid();
        foreach (var id in (Guid[])[driving.RequestId, arrived.RequestId, over])
        {
            topics.PublishState(Topics.RequestEta(id), "{}"u8.ToArray(), isNewestWins: true);
        }

        new RetainedEtas(topics, node.Fleet).EndOfThoseNotUnderWay();

        Assert.Equal([Topics.RequestEta(driving.RequestId)], topics.FindTopics(Topics.AllEtas));
    }

    [Fact]
    public async Task After_the_end_the_last_status_is_delivered_and_no_position()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        var (request, token) = node.Fleet.AddRequest("truck-1");
        using var customer = await Mosquitto.SubscribeAsync(
            node, "customer", token, "-t", $"art/requests/{request.RequestId:D}/#");

        node.Fleet.Change(request.RequestId, _ => null);
        await node.Live.PublishAsync(
            request.RequestId, LocationEvent.Of(Contracts.Positions.PositionRole.Operator, new(1, 2, DateTimeOffset.UnixEpoch)),
            TestContext.Current.CancellationToken);
        await node.Live.PublishAsync(
            request.RequestId, new StatusEvent(RequestStatus.Completed, RequestStatus.InProgress, 2_000, "dispatcher"),
            TestContext.Current.CancellationToken);

        Assert.Contains("completed", await customer.ReadMessageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_that_was_replaced_hears_no_more_of_the_request()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        node.Fleet.AddDevice("truck-2");
        var (request, _) = node.Fleet.AddRequest("truck-1");
        var device = await node.ConnectDeviceAsync("truck-1");
        var received = new List<string>();
        device.ApplicationMessageReceivedAsync += e =>
        {
            received.Add(e.ApplicationMessage.Topic);
            return Task.CompletedTask;
        };
        await device.SubscribeAsync(
            $"art/requests/{request.RequestId:D}/#", cancellationToken: TestContext.Current.CancellationToken);
        using var dispatcher = await Mosquitto.SubscribeAsync(node, "dispatcher", node.DispatcherToken, "-t", "art/#");

        node.Fleet.Change(request.RequestId, r => r with { DeviceId = "truck-2" });
        await node.Live.PublishAsync(
            request.RequestId, new StatusEvent(RequestStatus.EnRoute, RequestStatus.Assigned, 1_000, "dispatcher"),
            TestContext.Current.CancellationToken);
        await dispatcher.ReadMessageAsync();
        await device.PingAsync(TestContext.Current.CancellationToken);

        Assert.Empty(received);
    }

    [Fact]
    public async Task A_subscriber_that_does_not_read_is_disconnected_and_others_go_on()
    {
        await using var node = await BrokerNode.StartAsync([("MaxQueuedPerClient", "10")]);
        var clients = node.Services.GetRequiredService<ClientConnections>();
        var (request, token) = node.Fleet.AddRequest("truck-1");
        using var stalled = await RawMqtt.OpenAsync(node.Port, receiveBufferBytes: 4096);
        await stalled.SendAsync(RawMqtt.Connect("stalled", "dispatcher", node.DispatcherToken));
        await stalled.ReadAsync(4);
        await stalled.SendAsync(RawMqtt.Packet(0x82, [0, 1, 0, 5, .. "art/#"u8, 0]));
        await stalled.ReadAsync(5);

        var by = new string('x', 4096);
        while (clients.SignedIn > 0)
        {
            await node.Live.PublishAsync(
                request.RequestId, new StatusEvent(RequestStatus.EnRoute, null, 1, by), TestContext.Current.CancellationToken);
        }

        using var customer = await Mosquitto.SubscribeAsync(
            node, "customer", token, "-t", $"art/requests/{request.RequestId:D}/status");
        Assert.Contains("en_route", await customer.ReadMessageAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MqttQualityOfServiceLevel.AtMostOnce)]
    [InlineData(MqttQualityOfServiceLevel.AtLeastOnce)]
    public async Task A_dispatcher_gets_all_retained_statuses_however_many_there_are(MqttQualityOfServiceLevel quality)
    {
        const int Requests = 300;
        await using var node = await BrokerNode.StartAsync([("MaxQueuedPerClient", "10")]);
        var requests = Enumerable.Range(0, Requests).Select(_ => node.Fleet.AddRequest("truck-1")).ToList();
        using var customer = await Mosquitto.SubscribeAsync(
            node, "customer", requests[^1].Token, "-t", $"art/requests/{requests[^1].Request.RequestId:D}/status");
        foreach (var (request, _) in requests)
        {
            await node.Live.PublishAsync(
                request.RequestId, new StatusEvent(RequestStatus.EnRoute, RequestStatus.Assigned, 1_000, "dispatcher"),
                TestContext.Current.CancellationToken);
        }

        // They are mirrored in order: when the last one is there, all are retained. The mirror may have shown its
        // state before, by itself, when it first looked at what is open.
        while (!(await customer.ReadMessageAsync()).Contains("dispatcher", StringComparison.Ordinal))
        {
        }

        var received = new ConcurrentDictionary<string, bool>();
        var (client, _) = await node.ConnectAsync(node.Options("dispatcher", node.DispatcherToken));
        client.ApplicationMessageReceivedAsync += e =>
        {
            received[e.ApplicationMessage.Topic] = true;
            return Task.CompletedTask;
        };

        await client.SubscribeAsync("art/#", quality, TestContext.Current.CancellationToken);

        await Soon.TrueAsync(() => received.Count == Requests || !client.IsConnected);
        Assert.True(client.IsConnected);
    }
}
