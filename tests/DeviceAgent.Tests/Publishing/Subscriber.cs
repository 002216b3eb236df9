using System.Collections.Concurrent;
using ArtMqtt.Contracts.Positions;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace ArtMqtt.DeviceAgent.Tests.Publishing;

/// <summary>Collects what is published.</summary>
internal sealed class Subscriber : IDisposable
{
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();

    private Subscriber() => _client.ApplicationMessageReceivedAsync += args =>
    {
        var message = args.ApplicationMessage;
        var positions = new List<Position>();
        PositionCodec.TryDecode(System.Buffers.BuffersExtensions.ToArray(message.Payload), message.ContentType, 1000, positions, out _);
        foreach (var position in positions)
        {
            Received.Enqueue((message.Topic, message.ContentType, position));
        }

        return Task.CompletedTask;
    };

    /// <summary>Everything so far.</summary>
    public ConcurrentQueue<(string Topic, string ContentType, Position Position)> Received { get; } = new();

    /// <summary>Whether the connection is gone.</summary>
    public bool IsLost => !_client.IsConnected;

    /// <summary>Connects and subscribes to everything.</summary>
    public static async Task<Subscriber> ConnectAsync(int port)
    {
        var subscriber = new Subscriber();
        await subscriber._client.ConnectAsync(
            new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port)
                .WithProtocolVersion(MqttProtocolVersion.V500).Build(),
            TestContext.Current.CancellationToken);
        await subscriber._client.SubscribeAsync(
            "#", MqttQualityOfServiceLevel.AtLeastOnce, TestContext.Current.CancellationToken);
        return subscriber;
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();
}
