using System.Net;
using System.Security.Cryptography.X509Certificates;
using ArtMqtt.Broker.Auth;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using MQTTnet.Adapter;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace ArtMqtt.Broker.Mqtt;

/// <summary>
/// One client's packets on their way to MQTTnet. CONNECT is put on our terms, every PUBLISH is taken out and goes to
/// <see cref="PublishPipeline"/>; the rest (subscriptions, pings, delivery) is MQTTnet's.
/// </summary>
internal sealed partial class MqttChannel : IMqttChannelAdapter
{
    private readonly IMqttChannelAdapter _inner;
    private readonly MqttConnectionGuard _guard;
    private readonly MqttConnectionParts _parts;
    private readonly ILogger _logger;
    private readonly TopicAliases _aliases = new();
    private readonly Queue<MqttQualityOfServiceLevel> _requested = new();
    private readonly UnansweredPackets _unanswered;
    private readonly Goodbye _goodbye;
    private ConnectTerms? _terms;
    private PublishPipeline? _publishes;
    private KeepAliveWatch? _watch;

    public MqttChannel(
        IMqttChannelAdapter inner, ConnectionContext connection, MqttConnectionGuard guard, MqttConnectionParts parts)
    {
        (_inner, _guard, _parts, _logger) = (inner, guard, parts, parts.Logger);
        _goodbye = new Goodbye(inner, connection, guard, parts.Time);
        ServerId = parts.Clients.NextServerId();
        Subscriptions = new ClientSubscriptions(parts.Options.MaxSubscriptionsPerClient);
        _unanswered = new UnansweredPackets(parts.Options.MaxQueuedPerClient);
        _guard.Violated = OnViolatedAsync;
    }

    /// <summary>The client id MQTTnet knows this connection by.</summary>
    public string ServerId { get; }

    /// <summary>Who it is, once it is authenticated.</summary>
    public ClientIdentity? Identity { get; private set; }

    /// <summary>Its client id, which counts within its identity only.</summary>
    public string ScopedClientId { get; private set; } = "";

    /// <summary>What it is subscribed to.</summary>
    public ClientSubscriptions Subscriptions { get; }

    /// <inheritdoc/>
    public long BytesReceived => _inner.BytesReceived;

    /// <inheritdoc/>
    public long BytesSent => _inner.BytesSent;

    /// <inheritdoc/>
    public X509Certificate2? ClientCertificate => _inner.ClientCertificate;

    /// <inheritdoc/>
    public EndPoint RemoteEndPoint => _inner.RemoteEndPoint;

    /// <inheritdoc/>
    public EndPoint LocalEndPoint => _inner.LocalEndPoint;

    /// <inheritdoc/>
    public bool IsSecureConnection => _inner.IsSecureConnection;

    /// <inheritdoc/>
    public MqttPacketFormatterAdapter PacketFormatterAdapter => _inner.PacketFormatterAdapter;

    private bool IsVersion5 => PacketFormatterAdapter.ProtocolVersion == MqttProtocolVersion.V500;

    /// <summary>Answers a CONNECT (<see cref="ClientAdmission"/>); a client that gets in is served from now on.</summary>
    public MqttConnectReasonCode Admit(string? userName, byte[]? password, string? authenticationMethod)
    {
        var terms = _terms ?? throw new InvalidOperationException("No CONNECT was received.");
        var code = _parts.Admission.Decide(
            terms, userName, password, authenticationMethod, RemoteEndPoint, out var identity);
        if (identity is not null)
        {
            Enter(identity, terms);
        }

        return code;
    }

    /// <inheritdoc/>
    public Task ConnectAsync(CancellationToken cancellationToken) => _inner.ConnectAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<MqttPacket> ReceivePacketAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var packet = await _inner.ReceivePacketAsync(cancellationToken);
            _watch?.Touch();
            if (!_unanswered.OnReceived(packet))
            {
                Close(MqttDisconnectReasonCode.QuotaExceeded);
                continue;
            }

            switch (packet)
            {
                case MqttConnectPacket connect when _terms is null:
                    var version = PacketFormatterAdapter.ProtocolVersion;
                    _terms = ConnectTerms.Take(connect, version, ServerId, _parts.Options.MaxKeepAlive);
                    return packet;
                case MqttPublishPacket publish when _publishes is not null:
                    await TakeAsync(publish, _publishes);
                    break;
                case MqttSubscribePacket subscribe:
                    Prepare(subscribe);
                    return packet;
                default:
                    return packet;
            }
        }
    }

    /// <summary>The quality of service the client asked for in the filter that is decided about next.</summary>
    public MqttQualityOfServiceLevel NextRequestedQuality() =>
        _requested.TryDequeue(out var quality) ? quality : MqttQualityOfServiceLevel.AtMostOnce;

    /// <inheritdoc/>
    public Task SendPacketAsync(MqttPacket packet, CancellationToken cancellationToken)
    {
        if (packet is MqttConnAckPacket acknowledgement && IsVersion5 && Identity is not null)
        {
            _terms!.WriteTo(acknowledgement, _parts.Options);
        }

        if (!_unanswered.OnSending(packet))
        {
            Close(MqttDisconnectReasonCode.QuotaExceeded);
        }

        return _inner.SendPacketAsync(packet, cancellationToken);
    }

    /// <summary>Counts a live message that is about to be queued; false, and the end, when too many wait.</summary>
    public bool TryQueue()
    {
        if (_unanswered.OnQueueing())
        {
            return true;
        }

        Close(MqttDisconnectReasonCode.QuotaExceeded);
        return false;
    }

    /// <summary>Ends the connection, with a reason (MQTT 5). Returns at once; the first reason counts.</summary>
    public void Close(MqttDisconnectReasonCode reason)
    {
        if (_goodbye.TryBegin(reason, sendsPacket: IsVersion5 && Identity is not null))
        {
            _parts.Metrics.ConnectionClosed(reason.ToString());
            LogClosing(Identity?.Scope, reason);
        }
    }

    /// <summary>Waits for what was taken to be acknowledged, at most as long as the token lasts, then closes.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        try
        {
            await (_publishes?.CompleteAsync() ?? Task.CompletedTask).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            LogNotDrained(Identity?.Scope);
        }

        Close(MqttDisconnectReasonCode.ServerShuttingDown);
        await _goodbye.Said;
    }

    /// <summary>Called when the connection has ended: finishes what was taken and forgets it.</summary>
    public async Task EndAsync()
    {
        _watch?.Dispose();
        if (Identity is not null)
        {
            _parts.Clients.Remove(this);
        }

        await _goodbye.FinishAsync(_publishes?.CompleteAsync() ?? Task.CompletedTask);
    }

    /// <inheritdoc/>
    public async Task DisconnectAsync(CancellationToken cancellationToken)
    {
        // A goodbye that is being written must be in the pipe before the pipe is completed.
        await _goodbye.Said;
        await _inner.DisconnectAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void ResetStatistics() => _inner.ResetStatistics();

    /// <inheritdoc/>
    public void Dispose() => _inner.Dispose();

    private void Enter(ClientIdentity identity, ConnectTerms terms)
    {
        Identity = identity;
        ScopedClientId = $"{identity.Scope}/{terms.ClientId}";
        _publishes = new PublishPipeline(
            _parts, identity, IsVersion5, terms.MayExplain,
            packet => _inner.SendPacketAsync(packet, CancellationToken.None), Close);
        if (identity.Kind == ClientKind.Dispatcher)
        {
            _unanswered.AddRoom(_parts.Options.MaxRetainedStatuses);
        }

        _guard.Admit();
        if (terms.KeepAlive > TimeSpan.Zero)
        {
            _watch = new KeepAliveWatch(
                terms.KeepAlive, _parts.Time, () => Close(MqttDisconnectReasonCode.KeepAliveTimeout));
        }

        _parts.Clients.Add(this);
    }

    private async ValueTask TakeAsync(MqttPublishPacket publish, PublishPipeline publishes)
    {
        if (_goodbye.IsBegun)
        {
            return;
        }

        if (!_aliases.TryResolve(publish.Topic, publish.TopicAlias, out var topic))
        {
            Close(MqttDisconnectReasonCode.TopicAliasInvalid);
        }
        else if (!TopicNames.IsTopic(topic))
        {
            Close(MqttDisconnectReasonCode.TopicNameInvalid);
        }
        else if (publish.QualityOfServiceLevel > MqttQualityOfServiceLevel.ExactlyOnce
            || (publish.QualityOfServiceLevel != MqttQualityOfServiceLevel.AtMostOnce && publish.PacketIdentifier == 0))
        {
            Close(MqttDisconnectReasonCode.MalformedPacket);
        }
        else
        {
            _watch?.Pause();
            await publishes.TakeAsync(topic, publish);
            _watch?.Resume();
        }
    }

    // MQTTnet answers the filters of a SUBSCRIBE in the order of their quality of service, not in the order the client
    // sent them. With the same quality for all of them the order stays, so the asked-for one goes round it.
    private void Prepare(MqttSubscribePacket subscribe)
    {
        _requested.Clear();
        foreach (var filter in subscribe.TopicFilters)
        {
            if (filter.QualityOfServiceLevel > MqttQualityOfServiceLevel.ExactlyOnce)
            {
                Close(MqttDisconnectReasonCode.MalformedPacket);
            }

            // It refuses shared subscriptions without asking.
            if (!filter.Topic.StartsWith("$share/", StringComparison.Ordinal))
            {
                _requested.Enqueue(filter.QualityOfServiceLevel);
            }

            filter.QualityOfServiceLevel = MqttQualityOfServiceLevel.AtMostOnce;
        }
    }

    private async ValueTask OnViolatedAsync(PacketFrame violation)
    {
        if (Identity is null)
        {
            _parts.Metrics.ConnectRefused(violation.ToString());
        }

        if (violation is PacketFrame.Torn || Identity is null)
        {
            return;
        }

        Close(violation == PacketFrame.TooLarge
            ? MqttDisconnectReasonCode.PacketTooLarge
            : MqttDisconnectReasonCode.MalformedPacket);
        await _goodbye.Said;
    }

    [LoggerMessage(LogLevel.Debug, "Closing the connection of {Client}: {Reason}")]
    private partial void LogClosing(string? client, MqttDisconnectReasonCode reason);

    [LoggerMessage(LogLevel.Warning, "Publishes of {Client} were not acknowledged before the stop; it will send them again")]
    private partial void LogNotDrained(string? client);
}
