using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ArtMqtt.Contracts.Security;
using MQTTnet;
using MQTTnet.Adapter;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace ArtMqtt.Broker.Upstream;

/// <summary>One network connection to a server of the upstream broker, until it ends.</summary>
internal sealed class UpstreamLink : IDisposable
{
    // MQTT 3.1.1: unacceptable protocol version. Its brokers answer a CONNECT of MQTT 5 with it, as MQTT 5 allows.
    private const MqttClientConnectResultCode OldUnsupportedVersion = (MqttClientConnectResultCode)1;

    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly CancellationTokenSource _lost = new();
    private readonly UpstreamServer _server;
    private readonly UpstreamOptions _options;
    private readonly MqttProtocolVersion _version;

    /// <param name="server">Where.</param>
    /// <param name="version">In which version.</param>
    /// <param name="options">As whom.</param>
    /// <param name="received">Is given each message with its acknowledgement, in order.</param>
    public UpstreamLink(
        UpstreamServer server, MqttProtocolVersion version, UpstreamOptions options,
        Action<UpstreamMessage, Func<CancellationToken, Task>> received)
    {
        (_server, _version, _options) = (server, version, options);
        _client.ApplicationMessageReceivedAsync += args =>
        {
            args.AutoAcknowledge = false;
            received(Read(args.ApplicationMessage), args.AcknowledgeAsync);
            return Task.CompletedTask;
        };
        _client.DisconnectedAsync += OnDisconnectedAsync;
    }

    /// <summary>Is cancelled when the connection has ended.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Why it has, once it has.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>Whether the broker still had our session.</summary>
    public bool IsSessionKept { get; private set; }

    /// <summary>Whether it may have shared subscriptions; only MQTT 5 says when it has not.</summary>
    public bool OffersSharing { get; private set; } = true;

    /// <summary>Whether it is not the broker's fault or will, but something that may work another time.</summary>
    public static bool IsFailure(Exception exception) => exception is
        UpstreamException or MqttCommunicationException or MqttProtocolViolationException or MqttClientNotConnectedException
        or MqttClientDisconnectedException or MqttClientUnexpectedDisconnectReceivedException or SocketException or WebSocketException
        or IOException or AuthenticationException or CryptographicException or UnauthorizedAccessException
        or OperationCanceledException or ObjectDisposedException or TimeoutException;

    /// <summary>Signs in.</summary>
    /// <param name="clientId">Under this client id.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False when the broker does not know this version of the protocol.</returns>
    /// <exception cref="UpstreamException">It refused.</exception>
    public async Task<bool> ConnectAsync(string clientId, CancellationToken cancellationToken)
    {
        MqttClientConnectResult result;
        try
        {
            result = await _client.ConnectAsync(CreateOptions(clientId), cancellationToken);
        }
        catch (MqttConnectingFailedException e) when (_version == MqttProtocolVersion.V500 && IsClosed(e))
        {
            // What some old ones do instead of an answer.
            return false;
        }

        if (_version == MqttProtocolVersion.V500
            && result.ResultCode is MqttClientConnectResultCode.UnsupportedProtocolVersion or OldUnsupportedVersion)
        {
            return false;
        }

        if (result.ResultCode != MqttClientConnectResultCode.Success)
        {
            throw new UpstreamException($"It refused the connection: {result.ResultCode} {result.ReasonString}".TrimEnd());
        }

        IsSessionKept = result.IsSessionPresent;
        OffersSharing = _version != MqttProtocolVersion.V500 || result.SharedSubscriptionAvailable;
        return true;
    }

    /// <summary>Subscribes, with QoS 1.</summary>
    /// <returns>What was refused, and why.</returns>
    public async Task<IReadOnlyList<(string Filter, MqttClientSubscribeResultCode Code)>> SubscribeAsync(
        IEnumerable<string> filters, CancellationToken cancellationToken)
    {
        var options = new MqttClientSubscribeOptions();
        foreach (var filter in filters)
        {
            options.TopicFilters.Add(new MqttTopicFilter
            {
                Topic = filter,
                QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
                // At each reconnection we had them already.
                RetainHandling = _version == MqttProtocolVersion.V500
                    ? MqttRetainHandling.SendAtSubscribeIfNewSubscriptionOnly
                    : MqttRetainHandling.SendAtSubscribe,
            });
        }

        var result = await _client.SubscribeAsync(options, cancellationToken);
        return [.. result.Items.Where(item => item.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2)
            .Select(item => (item.TopicFilter.Topic, item.ResultCode))];
    }

    /// <summary>Says good-bye; the broker keeps our session.</summary>
    public Task CloseAsync() => _client.TryDisconnectAsync();

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.DisconnectedAsync -= OnDisconnectedAsync;
        _client.Dispose();
        _lost.Dispose();
    }

    private static bool IsClosed(MqttConnectingFailedException exception) =>
        exception.InnerException is MqttCommunicationException and not MqttCommunicationTimedOutException;

    private static UpstreamMessage Read(MqttApplicationMessage message) => new(
        message.Topic, message.ContentType,
        message.Payload.IsSingleSegment ? message.Payload.First : System.Buffers.BuffersExtensions.ToArray(message.Payload),
        message.QualityOfServiceLevel != MqttQualityOfServiceLevel.AtMostOnce);

    private MqttClientOptions CreateOptions(string clientId)
    {
        var credentials = new UpstreamCredentials(_options);
        var builder = new MqttClientOptionsBuilder()
            .WithProtocolVersion(_version)
            .WithClientId(clientId)
            .WithCleanStart(false)
            .WithKeepAlivePeriod(_options.KeepAlive)
            .WithTimeout(_options.ConnectTimeout);
        if (_options.UserName is not null)
        {
            builder.WithCredentials(_options.UserName, credentials.ReadPassword());
        }

        if (_version == MqttProtocolVersion.V500)
        {
            builder.WithSessionExpiryInterval((uint)_options.SessionExpiry.TotalSeconds).WithReceiveMaximum((ushort)_options.MaxInFlight);
        }

        if (_server.IsWebSocket)
        {
            builder.WithWebSocketServer(socket => socket.WithUri(_server.ToString()));
        }
        else
        {
            builder.WithTcpServer(_server.Uri.DnsSafeHost, _server.Uri.Port);
        }

        return _server.UsesTls ? builder.WithTlsOptions(tls => Configure(tls, credentials)).Build() : builder.Build();
    }

    private void Configure(MqttClientTlsOptionsBuilder tls, UpstreamCredentials credentials)
    {
        tls.UseTls();
        if (credentials.ReadCertificate() is { } certificate)
        {
            tls.WithClientCertificates(new X509Certificate2Collection(certificate));
        }

        if (credentials.ReadAuthorities() is { } authorities)
        {
            tls.WithCertificateValidationHandler(
                args => PrivateRoots.Trust(authorities, args.Certificate, args.Chain, args.SslPolicyErrors));
        }

        if (!_server.IsWebSocket)
        {
            tls.WithApplicationProtocols([new SslApplicationProtocol("mqtt")]);
        }
    }

    private Task OnDisconnectedAsync(MqttClientDisconnectedEventArgs args)
    {
        Reason = args.Exception?.GetBaseException().Message ?? $"{args.Reason} {args.ReasonString}".TrimEnd();
        return _lost.CancelAsync();
    }
}
