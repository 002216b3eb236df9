using System.Buffers;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace ArtMqtt.DeviceAgent.Publishing;

/// <summary>One MQTT 5 connection; used once, then replaced by a new one.</summary>
internal sealed class ServerConnection : IDisposable
{
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly CancellationTokenSource _lost = new();
    private readonly PublisherOptions _options;

    /// <param name="options">Where and as whom.</param>
    /// <param name="controlled">Is given the payloads of the control topic.</param>
    public ServerConnection(PublisherOptions options, Action<ReadOnlySequence<byte>> controlled)
    {
        _options = options;
        _client.ApplicationMessageReceivedAsync += args =>
        {
            controlled(args.ApplicationMessage.Payload);
            return Task.CompletedTask;
        };
        _client.DisconnectedAsync += OnDisconnectedAsync;
    }

    /// <summary>Cancelled when the connection is gone.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>How many publishes may wait for their answer, the server's wish respected.</summary>
    public int Window { get; private set; } = 1;

    /// <summary>Whether an exception of this class means "no connection", for which trying again is the cure.</summary>
    public static bool IsFailure(Exception e) => e is MqttCommunicationException or MqttProtocolViolationException
        or MqttClientNotConnectedException or MqttClientDisconnectedException
        or MqttClientUnexpectedDisconnectReceivedException
        or OperationCanceledException or TimeoutException or IOException or System.Net.Sockets.SocketException
        or ObjectDisposedException;

    /// <summary>Connects; returns null, or why the server refused.</summary>
    public async Task<string?> ConnectAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        using var window = new CancellationTokenSource(_options.ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, window.Token);
        var builder = new MqttClientOptionsBuilder()
            .WithTcpServer(_options.Host, _options.Port)
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithClientId(_options.DeviceId)
            .WithCredentials(_options.DeviceId, _options.Secret)
            .WithCleanStart(true)
            .WithKeepAlivePeriod(TimeSpan.FromSeconds(30))
            .WithTimeout(_options.ConnectTimeout);
        if (_options.UseTls)
        {
            builder.WithTlsOptions(tls => tls.UseTls());
        }

        var result = await _client.ConnectAsync(builder.Build(), either.Token);
        if (result.ResultCode != MqttClientConnectResultCode.Success)
        {
            return string.IsNullOrEmpty(result.ReasonString)
                ? result.ResultCode.ToString()
                : $"{result.ResultCode}: {result.ReasonString}";
        }

        if (_options.ControlTopic is { } topic)
        {
            // The retained one comes at once. A server that knows no control refuses; then there is none.
            await _client.SubscribeAsync(topic, MqttQualityOfServiceLevel.AtLeastOnce, either.Token);
        }

        Window = Math.Clamp((int)(result.ReceiveMaximum ?? ushort.MaxValue), 1, _options.MaxInFlight);
        return null;
    }

    /// <summary>Sends; completes with the PUBACK (QoS 1). Calls are sent in the order they are made.</summary>
    public async Task<MqttClientPublishReasonCode> PublishAsync(
        SpooledPublish publish, TimeProvider time, CancellationToken cancellationToken)
    {
        var message = new MqttApplicationMessage
        {
            Topic = publish.Topic,
            PayloadSegment = publish.Payload,
            ContentType = publish.ContentType,
            QualityOfServiceLevel = _options.Qos == 0
                ? MqttQualityOfServiceLevel.AtMostOnce
                : MqttQualityOfServiceLevel.AtLeastOnce,
        };
        var result = await _client.PublishAsync(message, cancellationToken)
            .WaitAsync(_options.AnswerTimeout, time, cancellationToken);
        return result.ReasonCode;
    }

    /// <summary>Says goodbye, if there is still somebody to say it to.</summary>
    public Task CloseAsync() => _client.TryDisconnectAsync();

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.DisconnectedAsync -= OnDisconnectedAsync;
        _client.Dispose();
        _lost.Dispose();
    }

    private Task OnDisconnectedAsync(MqttClientDisconnectedEventArgs args) => _lost.CancelAsync();
}
