using System.Net;
using ArtMqtt.Broker.Mqtt.Routing;
using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Broker.Tests.Support.Wire;
using ArtMqtt.Contracts;
using Microsoft.Extensions.DependencyInjection;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace ArtMqtt.Broker.Tests.Mqtt;

public sealed class AccessTests
{
    [Fact]
    public async Task Publishing_for_another_device_is_refused_with_0x87_and_stores_nothing()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        node.Fleet.AddDevice("truck-2");
        var client = await node.ConnectDeviceAsync("truck-1");

        var result = await client.PublishAsync(
            Payloads.Position("art/devices/truck-2/position"), TestContext.Current.CancellationToken);

        Assert.Equal(MqttClientPublishReasonCode.NotAuthorized, result.ReasonCode);
        Assert.True(client.IsConnected);
        Assert.Empty(node.Spool.Received);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task An_old_client_is_disconnected_for_it_unless_configured_otherwise(string closes)
    {
        await using var node = await BrokerNode.StartAsync([("CloseOnDeniedPublish", closes)]);
        node.Fleet.AddDevice("truck-1");
        using var raw = await RawMqtt.ConnectDeviceAsync(node, "truck-1");

        await raw.SendAsync(RawMqtt.Publish("art/devices/truck-2/position", Payloads.Json(), quality: 1, packetId: 1));

        if (closes == "true")
        {
            Assert.Empty(await raw.ReadToEndAsync());
        }
        else
        {
            Assert.Equal([0x40, 0x02, 0x00, 0x01], await raw.ReadAsync(4));
        }

        Assert.Empty(node.Spool.Received);
    }

    [Fact]
    public async Task Nothing_a_client_publishes_reaches_a_subscriber_directly()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        var (dispatcher, _) = await node.ConnectAsync(node.Options("dispatcher", node.DispatcherToken));
        var received = new List<string>();
        dispatcher.ApplicationMessageReceivedAsync += e =>
        {
            received.Add(e.ApplicationMessage.Topic);
            return Task.CompletedTask;
        };
        await dispatcher.SubscribeAsync("art/#", cancellationToken: TestContext.Current.CancellationToken);
        var client = await node.ConnectDeviceAsync("truck-1");

        await client.PublishAsync(Payloads.Position("art/devices/truck-1/position"), TestContext.Current.CancellationToken);
        await dispatcher.PingAsync(TestContext.Current.CancellationToken);

        Assert.Single(node.Spool.Received);
        Assert.DoesNotContain(received, topic => topic.EndsWith("/position", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V500, MqttClientSubscribeResultCode.NotAuthorized)]
    [InlineData(MqttProtocolVersion.V311, MqttClientSubscribeResultCode.UnspecifiedError)]
    public async Task Subscribing_to_another_request_is_refused_filter_by_filter(
        MqttProtocolVersion version, MqttClientSubscribeResultCode refused)
    {
        await using var node = await BrokerNode.StartAsync();
        var (own, token) = node.Fleet.AddRequest("truck-1");
        var (other, _) = node.Fleet.AddRequest("truck-2");
        var (customer, _) = await node.ConnectAsync(node.Options("customer", token, version));

        var result = await customer.SubscribeAsync(
            new MqttClientSubscribeOptionsBuilder()
                .WithTopicFilter($"art/requests/{other.RequestId:D}/#")
                .WithTopicFilter($"art/requests/{own.RequestId:D}/#", MqttQualityOfServiceLevel.AtLeastOnce)
                .Build(),
            TestContext.Current.CancellationToken);

        Assert.Equal(
            [refused, MqttClientSubscribeResultCode.GrantedQoS1], result.Items.Select(item => item.ResultCode));
    }

    [Fact]
    public async Task A_client_has_a_limited_number_of_subscriptions()
    {
        await using var node = await BrokerNode.StartAsync([("MaxSubscriptionsPerClient", "2")]);
        var (client, _) = await node.ConnectAsync(node.Options("dispatcher", node.DispatcherToken));

        var codes = new List<MqttClientSubscribeResultCode>();
        foreach (var filter in (string[])["art/a", "art/b", "art/a", "art/c"])
        {
            var result = await client.SubscribeAsync(filter, cancellationToken: TestContext.Current.CancellationToken);
            codes.Add(result.Items.Single().ResultCode);
        }

        Assert.Equal(
            [MqttClientSubscribeResultCode.GrantedQoS0, MqttClientSubscribeResultCode.GrantedQoS0,
                MqttClientSubscribeResultCode.GrantedQoS0, MqttClientSubscribeResultCode.QuotaExceeded],
            codes);
    }

    [Fact]
    public async Task One_packet_asks_for_as_many_filters_as_a_client_may_have()
    {
        await using var node = await BrokerNode.StartAsync([("MaxSubscriptionsPerClient", "2")]);
        node.Fleet.AddDevice("truck-1");
        using var client = await ConnectAsync(node);
        var filter = (Topics.DeviceControl("truck-1"), (byte)0);

        var answer = await client.SubscribeAsync([filter, filter, filter, filter]);

        Assert.Equal([0, 0, 0x97, 0x97], answer.Codes);
        await client.PingAsync();
        Assert.Equal(2, client.TakeAside().Count(packet => packet.Type == PacketType.Publish));
    }

    [Fact]
    public async Task What_waits_is_not_sent_once_the_right_to_see_it_is_gone()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        var (request, _) = node.Fleet.AddRequest("truck-1");
        var (kept, lost) = (Topics.DeviceControl("truck-1"), Topics.RequestStatus(request.RequestId));
        using (var away = await ConnectAsync(node))
        {
            await away.SubscribeAsync([(kept, 1), (lost, 1)]);
            await away.ReceiveAsync();
            await away.DisconnectAsync();
        }

        var topics = node.Services.GetRequiredService<ServerTopics>();
        topics.PublishState(lost, "{}"u8.ToArray(), isNewestWins: false);
        topics.PublishState(kept, "last"u8.ToArray(), isNewestWins: false);
        node.Fleet.Change(request.RequestId, r => r with { DeviceId = "truck-2" });

        using var back = await ConnectAsync(node);
        Assert.True(back.ConnAck.IsSessionPresent);
        var messages = await back.ReceiveUntilAsync("last");
        Assert.DoesNotContain(messages, m => m.Topic == lost);
    }

    [Fact]
    public async Task A_reason_that_is_larger_than_the_client_takes_is_left_out()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        using var client = await ConnectAsync(node, Property.MaximumPacketSize(30));

        var denied = await client.PublishAsync("art/devices/truck-2/position", Payloads.Json(), qos: 1);

        Assert.Equal(0x87, denied!.Code);
        Assert.Empty(denied.Properties);
    }

    private static async Task<WireClient> ConnectAsync(BrokerNode node, params Property[] properties)
    {
        var client = await WireClient.OpenAsync(new IPEndPoint(IPAddress.Loopback, node.Port), Level.V5);
        var answer = await client.ConnectAsync(new ConnectFields
        {
            ClientId = "truck-1",
            User = "truck-1",
            Password = "secret-truck-1",
            IsClean = false,
            Properties = [Property.SessionExpiry(600), .. properties],
        });
        Assert.Equal(Reason.Success, answer.Code);
        return client;
    }
}
