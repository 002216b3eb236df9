using ArtMqtt.Broker.Auth;
using ArtMqtt.Broker.Mqtt.Limits;
using ArtMqtt.Broker.Mqtt.Sessions;
using ArtMqtt.Broker.Mqtt.Wire;

namespace ArtMqtt.Broker.Mqtt.Connections;

/// <summary>A signed-in client on its connection: what each of its packets does. Packets are handled one at a time.</summary>
/// <param name="parts">What all connections share.</param>
/// <param name="link">Its connection.</param>
/// <param name="session">Its session.</param>
/// <param name="connect">What it asked for.</param>
/// <param name="terms">What it got.</param>
/// <param name="identity">Who it is.</param>
/// <param name="expirySeconds">How long its session outlives the connection, as agreed.</param>
internal sealed class ClientSession(
    BrokerParts parts, ClientConnection link, Session session, ConnectPacket connect, ConnectTerms terms,
    ClientIdentity identity, uint expirySeconds)
{
    private readonly bool _isVersion5 = connect.Version == ProtocolVersion.V5;
    private readonly LastTopic _lastTopic = new();
    private TopicAliases? _aliases;
    private PublishPipeline? _publishes;
    private PublishThrottle? _throttle;

    /// <summary>Who it is.</summary>
    public ClientIdentity Identity { get; } = identity;

    /// <summary>What it asked for.</summary>
    public ConnectPacket Connect { get; } = connect;

    /// <summary>What it got.</summary>
    public ConnectTerms Terms { get; } = terms;

    /// <summary>Its DISCONNECT, once it has sent one.</summary>
    public DisconnectPacket? Said { get; private set; }

    /// <summary>Filters it is subscribed to.</summary>
    public int Subscriptions => session.SubscriptionCount;

    /// <summary>Messages that wait for it or that it has not acknowledged.</summary>
    public int Queued => session.QueuedCount;

    private PublishPipeline Publishes => _publishes ??= new PublishPipeline(
        parts, session, link,
        _isVersion5 && Connect.Properties.RequestProblemInformation != false
            ? Connect.Properties.MaximumPacketSize ?? uint.MaxValue
            : 0);

    /// <summary>Completes when all publishes that were taken are answered.</summary>
    public Task WhenAnsweredAsync() => _publishes?.WhenAnsweredAsync() ?? Task.CompletedTask;

    /// <summary>Handles a packet.</summary>
    /// <param name="header">First byte.</param>
    /// <param name="body">What follows the fixed header; valid until this completes.</param>
    public ValueTask HandleAsync(byte header, ReadOnlyMemory<byte> body)
    {
        if (!PacketHeader.AreFlagsValid(header))
        {
            link.Close(ReasonCode.MalformedPacket);
            return ValueTask.CompletedTask;
        }

        switch (PacketHeader.TypeOf(header))
        {
            case PacketType.Publish:
                return PublishAsync(header, body);
            case PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp:
                Acknowledge(PacketHeader.TypeOf(header), body.Span);
                break;
            case PacketType.Subscribe:
                Subscribe(body.Span);
                break;
            case PacketType.Unsubscribe:
                Unsubscribe(body.Span);
                break;
            case PacketType.PingReq when body.IsEmpty:
                link.TrySend(Outgoing.Ready(ServerPackets.PingResponse));
                break;
            case PacketType.Disconnect:
                Disconnect(body.Span);
                break;
            case PacketType.PingReq or PacketType.Reserved:
                link.Close(ReasonCode.MalformedPacket);
                break;
            default:
                // A second CONNECT, AUTH without having agreed on a method, or what only servers send.
                link.Close(ReasonCode.ProtocolError);
                break;
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>The connection has ended.</summary>
    /// <param name="said">The client's DISCONNECT, or null.</param>
    public async Task EndAsync(DisconnectPacket? said)
    {
        var end = SessionEnd.Of(said, expirySeconds, (uint)parts.State.MaxSessionExpiry.TotalSeconds);
        if (parts.Sessions.Close(session, link, end) is { } will)
        {
            await parts.Publishes.SendAsync([will]);
        }
    }

    private ValueTask PublishAsync(byte header, ReadOnlyMemory<byte> body)
    {
        var fault = PublishPacket.TryRead(header, body, _isVersion5, _lastTopic, out var packet);
        var topic = packet.Topic;
        if (fault == ReasonCode.Success)
        {
            fault = Check(packet, ref topic);
        }

        if (fault != ReasonCode.Success)
        {
            link.Close(fault);
            return ValueTask.CompletedTask;
        }

        var taking = Publishes.TakeAsync(topic, packet);
        if ((_throttle ??= new PublishThrottle(parts.Options, parts.Time)).Take(body.Length) is not { } wait)
        {
            link.Close(ReasonCode.MessageRateTooHigh);
            return taking;
        }

        return wait == TimeSpan.Zero ? taking : ThrottleAsync(taking, wait);
    }

    private async ValueTask ThrottleAsync(ValueTask taking, TimeSpan wait)
    {
        parts.Metrics.Throttled();
        await taking;
        await Task.Delay(wait, parts.Time, link.Closed);
    }

    private ReasonCode Check(in PublishPacket packet, ref string topic)
    {
        if (packet.Properties.TopicAlias is { } alias
            && !(_aliases ??= new TopicAliases()).TryResolve(topic, alias, out topic))
        {
            return ReasonCode.TopicAliasInvalid;
        }

        if (topic.Length == 0)
        {
            return ReasonCode.ProtocolError;
        }

        if (!TopicNames.IsTopic(topic) || topic.Length > parts.Options.MaxTopicLength
            || TopicNames.CountLevels(topic) > parts.Options.MaxTopicLevels)
        {
            return ReasonCode.TopicNameInvalid;
        }

        var most = _isVersion5 ? parts.Options.MaxInFlight : parts.Options.MaxQueuedPerClient;
        var isKnown = packet.Quality == 2 && session.FindReceived(packet.PacketId) is not null;
        return packet.Quality > 0 && !isKnown && Publishes.Open >= most
            ? ReasonCode.ReceiveMaximumExceeded
            : ReasonCode.Success;
    }

    private void Acknowledge(PacketType type, ReadOnlySpan<byte> body)
    {
        var fault = AcknowledgePacket.TryRead(type, body, _isVersion5, out var packet);
        if (fault != ReasonCode.Success)
        {
            link.Close(fault);
            return;
        }

        switch (type)
        {
            case PacketType.PubAck:
                session.Complete(packet.PacketId, quality: 1);
                break;
            case PacketType.PubRec when packet.Reason >= ReasonCode.UnspecifiedError:
                session.Complete(packet.PacketId, quality: 2);
                break;
            case PacketType.PubRec:
                Answer(PacketType.PubRel, packet.PacketId, session.Release(packet.PacketId));
                break;
            case PacketType.PubRel:
                Answer(PacketType.PubComp, packet.PacketId, session.RemoveReceived(packet.PacketId));
                break;
            default:
                session.Complete(packet.PacketId, quality: 2);
                break;
        }
    }

    private void Answer(PacketType type, ushort packetId, bool isKnown) =>
        link.TrySend(isKnown || !_isVersion5
            ? Outgoing.Acknowledge(type, packetId)
            : Outgoing.Ready(ServerPackets.Acknowledge(type, packetId, ReasonCode.PacketIdentifierNotFound, null)));

    private void Subscribe(ReadOnlySpan<byte> body)
    {
        var fault = SubscribePacket.TryRead(body, _isVersion5, out var packet);
        if (packet is null)
        {
            link.Close(fault);
            return;
        }

        var answers = SubscribeAnswers.To(packet, parts, session, _isVersion5);
        link.TrySend(Outgoing.Ready(
            ServerPackets.Answer(PacketType.SubAck, packet.PacketId, _isVersion5, answers.Codes)));
        foreach (var (subscription, isNew) in answers.Granted)
        {
            parts.Router.SendRetained(subscription, isNew);
        }
    }

    private void Unsubscribe(ReadOnlySpan<byte> body)
    {
        var fault = UnsubscribePacket.TryRead(body, _isVersion5, out var packet);
        if (packet is null)
        {
            link.Close(fault);
            return;
        }

        var codes = packet.Filters.Select(filter => (byte)(session.Unsubscribe(filter, parts.Index)
            ? ReasonCode.Success
            : ReasonCode.NoSubscriptionExisted));
        link.TrySend(Outgoing.Ready(
            ServerPackets.Answer(PacketType.UnsubAck, packet.PacketId, _isVersion5, [.. codes])));
    }

    private void Disconnect(ReadOnlySpan<byte> body)
    {
        var fault = DisconnectPacket.TryRead(body, _isVersion5, out var packet);
        // A session that was to end with the connection cannot be kept after all (MQTT 5, section 3.14.2.2.2).
        if (fault == ReasonCode.Success && packet.SessionExpiryInterval > 0
            && (Connect.Properties.SessionExpiryInterval ?? 0) == 0)
        {
            fault = ReasonCode.ProtocolError;
        }

        if (fault == ReasonCode.Success)
        {
            Said = packet;
        }
        else
        {
            link.Close(fault);
        }
    }
}
