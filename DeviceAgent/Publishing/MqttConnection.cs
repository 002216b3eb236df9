using System.Buffers;
using System.Net.Security;
using System.Text;
using ArtMqtt.Contracts;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace ArtMqtt.DeviceAgent.Publishing;

/// <summary>A connection of MQTT 5, over TCP, TLS or a WebSocket.</summary>
internal sealed class MqttConnection : IServerConnection
{
    // For those who look after devices.
    private static readonly byte[] _agent = Encoding.UTF8.GetBytes(
        $"DeviceAgent/{typeof(MqttConnection).Assembly.GetName().Version?.ToString(3)}");

    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly CancellationTokenSource _lost = new();
    private readonly PublisherOptions _options;
    private readonly TimeProvider _time;

    /// <param name="endpoint">Where.</param>
    /// <param name="options">As whom.</param>
    /// <param name="time">Clock of this machine.</param>
    /// <param name="controlled">Is given the payloads of the control topic.</param>
    public MqttConnection(
        ServerEndpoint endpoint, PublisherOptions options, TimeProvider time, Action<ReadOnlySequence<byte>> controlled)
    {
        (Endpoint, _options, _time) = (endpoint, options, time);
        _client.ApplicationMessageReceivedAsync += args =>
        {
            controlled(args.ApplicationMessage.Payload);
            return Task.CompletedTask;
        };
        _client.DisconnectedAsync += OnDisconnectedAsync;
    }

    /// <inheritdoc/>
    public ServerEndpoint Endpoint { get; }

    /// <inheritdoc/>
    public CancellationToken Lost => _lost.Token;

    /// <inheritdoc/>
    public string? Farewell { get; private set; }

    /// <inheritdoc/>
    public bool IsTakenOver { get; private set; }

    /// <inheritdoc/>
    public int Window { get; private set; } = 1;

    /// <inheritdoc/>
    public DateTimeOffset? Expires { get; private set; }

    /// <inheritdoc/>
    public async Task<string?> ConnectAsync(CancellationToken cancellationToken)
    {
        using var window = new CancellationTokenSource(_options.ConnectTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, window.Token);
        try
        {
            return await SignInAsync(either.Token);
        }
        catch (Exception e) when (IServerConnection.IsFailure(e) && window.IsCancellationRequested)
        {
            throw IServerConnection.NoAnswer(_options.ConnectTimeout);
        }
    }

    /// <inheritdoc/>
    public async Task<PublishAnswer> PublishAsync(SpooledPublish publish, CancellationToken cancellationToken)
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
            .WaitAsync(_options.AnswerTimeout, _time, cancellationToken);
        return new PublishAnswer(PublishVerdicts.Of(result.ReasonCode), result.ReasonCode.ToString());
    }

    /// <inheritdoc/>
    public Task CloseAsync() => _client.TryDisconnectAsync();

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.DisconnectedAsync -= OnDisconnectedAsync;
        _client.Dispose();
        _lost.Dispose();
    }

    private async Task<string?> SignInAsync(CancellationToken cancellationToken)
    {
        var result = await _client.ConnectAsync(CreateOptions(), cancellationToken);
        if (result.ResultCode != MqttClientConnectResultCode.Success)
        {
            return string.IsNullOrEmpty(result.ReasonString)
                ? result.ResultCode.ToString()
                : $"{result.ResultCode}: {result.ReasonString}";
        }

        if (_options.ControlTopic is { } topic)
        {
            // The retained one comes at once. A server that knows no control refuses; then there is none.
            await _client.SubscribeAsync(topic, MqttQualityOfServiceLevel.AtLeastOnce, cancellationToken);
        }

        Window = Math.Clamp((int)(result.ReceiveMaximum ?? ushort.MaxValue), 1, _options.MaxInFlight);
        return null;
    }

    private MqttClientOptions CreateOptions()
    {
        var password = _options.Credentials.ReadPassword();
        Expires = _options.Credentials.ExpiryOf(password);
        var builder = new MqttClientOptionsBuilder()
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithUserProperty("agent", _agent)
            .WithClientId(_options.ClientId ?? _options.DeviceId)
            .WithCredentials(_options.DeviceId, password)
            .WithCleanStart(_options.SessionExpiry == TimeSpan.Zero)
            .WithSessionExpiryInterval((uint)_options.SessionExpiry.TotalSeconds)
            .WithKeepAlivePeriod(_options.KeepAlive)
            .WithTimeout(_options.ConnectTimeout);
        if (_options.LeavesWill)
        {
            // Our server tells presence itself; others do not.
            builder.WithWillTopic(Topics.DevicePresence(_options.DeviceId))
                .WithWillPayload($$"""{"state":"offline","since":{{_time.GetUtcNow().ToUnixTimeMilliseconds()}}}""")
                .WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
                .WithWillRetain();
        }

        if (Endpoint.Scheme is ServerScheme.Ws or ServerScheme.Wss)
        {
            builder.WithWebSocketServer(socket => socket.WithUri(Endpoint.ToString()));
        }
        else
        {
            builder.WithTcpServer(Endpoint.Host, Endpoint.Port);
        }

        return Endpoint.UsesTls ? builder.WithTlsOptions(ConfigureTls).Build() : builder.Build();
    }

    private void ConfigureTls(MqttClientTlsOptionsBuilder tls)
    {
        var own = new ClientTls(_options.Credentials);
        tls.UseTls();
        if (own.Certificates.Count > 0)
        {
            tls.WithClientCertificates(own.Certificates);
        }

        if (own.HasAuthorities)
        {
            tls.WithCertificateValidationHandler(args => own.Trusts(args.Certificate, args.Chain, args.SslPolicyErrors));
        }

        if (Endpoint.Scheme == ServerScheme.Mqtts)
        {
            tls.WithApplicationProtocols([new SslApplicationProtocol("mqtt")]);
        }
    }

    private Task OnDisconnectedAsync(MqttClientDisconnectedEventArgs args)
    {
        // A connection that is just lost has an exception; one that we end has the normal reason.
        if (args is { Exception: null, Reason: not MqttClientDisconnectReason.NormalDisconnection })
        {
            Farewell = string.IsNullOrEmpty(args.ReasonString) ? $"{args.Reason}" : $"{args.Reason}: {args.ReasonString}";
            IsTakenOver = args.Reason == MqttClientDisconnectReason.SessionTakenOver;
        }

        return _lost.CancelAsync();
    }
}
