using System.Net.WebSockets;
using ArtMqtt.Broker.Tests.Support;
using MQTTnet;

namespace ArtMqtt.Broker.Tests.Mqtt;

public sealed class WebSocketTests
{
    [Fact]
    public async Task Takes_positions_over_WebSocket()
    {
        await using var node = await BrokerNode.StartAsync();
        node.Fleet.AddDevice("truck-1");
        var options = node.DeviceOptions("truck-1")
            .WithWebSocketServer(o => o.WithUri($"ws://127.0.0.1:{node.HttpPort}/mqtt"));
        var (client, _) = await node.ConnectAsync(options);

        var result = await client.PublishAsync(
            Payloads.Position("art/devices/truck-1/position"), TestContext.Current.CancellationToken);

        Assert.Equal(MqttClientPublishReasonCode.Success, result.ReasonCode);
        Assert.Single(node.Spool.Received);
    }

    [Theory]
    [InlineData("10")]
    [InlineData("10FFFFFF7F")]
    [InlineData("3003")]
    public async Task Guards_WebSocket_connections_too(string hex)
    {
        await using var node = await BrokerNode.StartAsync();
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("mqtt");
        await socket.ConnectAsync(
            new Uri($"ws://127.0.0.1:{node.HttpPort}/mqtt"), TestContext.Current.CancellationToken);
        Assert.Equal("mqtt", socket.SubProtocol);

        await socket.SendAsync(
            Convert.FromHexString(hex), WebSocketMessageType.Binary, true, TestContext.Current.CancellationToken);
        if (hex == "10")
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);
        }

        var answer = await socket.ReceiveAsync(new byte[16], TestContext.Current.CancellationToken);
        Assert.Equal(WebSocketMessageType.Close, answer.MessageType);
    }

    [Fact]
    public async Task Nobody_makes_a_connection_without_opening_one()
    {
        await using var node = await BrokerNode.StartAsync();
        using var client = new HttpClient();

        using var answer = await client.PostAsync(
            $"http://127.0.0.1:{node.HttpPort}/mqtt/negotiate", null, TestContext.Current.CancellationToken);

        Assert.Equal(System.Net.HttpStatusCode.NotFound, answer.StatusCode);
    }
}
