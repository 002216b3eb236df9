using ArtMqtt.Broker.Mqtt.Routing;
using ArtMqtt.Broker.Mqtt.Wire;

namespace ArtMqtt.Broker.Mqtt.Sessions;

/// <summary>
/// What goes to the client of one session: what it has not acknowledged is sent again on a new connection, then what
/// waits, never more at a time than the client takes. Its session's lock guards it; never waits for the client.
/// </summary>
/// <param name="limits">What may wait and be on its way.</param>
/// <param name="time">Clock.</param>
internal sealed class OutgoingFlow(SessionLimits limits, TimeProvider time)
{
    private OutgoingQueue? _messages;
    private Queue<QueuedMessage>? _toResend;
    private volatile IClientLink? _link;
    private Func<Message, bool> _mayReceive = static _ => false;
    private bool _isKept;
    private int _window;
    private int _openOnLink;
    private int _room;
    private ushort _lastId;

    /// <summary>The connection, or null while there is none. May be asked without the lock.</summary>
    public IClientLink? Link => _link;

    /// <summary>Messages that wait or are on their way.</summary>
    public int Count => _messages is { } messages ? messages.Waiting + messages.InFlight : 0;

    private OutgoingQueue Messages
    {
        get
        {
            if (_messages is null)
            {
                _messages = new OutgoingQueue(_lastId);
                _messages.Changes.IsKept = _isKept;
            }

            return _messages;
        }
    }

    /// <summary>Goes on with a new connection.</summary>
    /// <param name="link">The connection.</param>
    /// <param name="mayReceive">Whether the client may still see a message; asked again when one that waited is sent.</param>
    /// <param name="isKept">Whether changes are for the store from now on.</param>
    public void Attach(IClientLink link, Func<Message, bool> mayReceive, bool isKept)
    {
        (_link, _mayReceive, _isKept) = (link, mayReceive, isKept);
        if (_messages is not null)
        {
            _messages.Changes.IsKept = isKept;
        }

        // What was sent on an earlier connection goes first, in its order and with its identifiers (MQTT 5, section 4.4).
        _openOnLink = 0;
        _toResend = _messages is { InFlight: > 0 } ? new Queue<QueuedMessage>(_messages.TakeUnacknowledged()) : null;
        _window = Math.Min(link.ReceiveMaximum, limits.MaxInFlight);
        Pump();
    }

    /// <summary>Parts from the connection; returns it.</summary>
    public IClientLink? Detach()
    {
        var link = _link;
        _link = null;
        return link;
    }

    /// <summary>Forgets all messages.</summary>
    public void Clear() => (_messages, _toResend) = (null, null);

    /// <summary>Sends a quality 0 message; false when it did not fit, or not any more: then the connection ends.</summary>
    public bool TrySendNow(in Delivery delivery)
    {
        if (!_link!.Fits(delivery.Message, quality: 0, delivery.Identifiers))
        {
            return false;
        }

        var packet = Outgoing.Publish(delivery.Message, delivery.IsRetained, delivery.Identifiers);
        if (_link.TrySend(packet, delivery.Room))
        {
            return true;
        }

        _link.Close(ReasonCode.QuotaExceeded);
        return false;
    }

    /// <summary>Sends a message as soon as its turn comes; false when one, it or an older one, had to go.</summary>
    public bool TryQueue(in Delivery delivery)
    {
        var queued = new QueuedMessage(delivery.Message, delivery.Quality, delivery.IsRetained, delivery.Identifiers);
        // What follows retained messages has the room that was made for them until the client has caught up.
        _room = Messages.Waiting < limits.MaxQueued ? delivery.Room : Math.Max(_room, delivery.Room);
        var isTaken = Messages.TryAdd(queued, limits.MaxQueued + _room);
        if (!isTaken && _link is null)
        {
            // The client is away: what is new is worth more to it than what is old.
            Messages.DropOldest();
            Messages.TryAdd(queued, int.MaxValue);
        }
        else if (!isTaken)
        {
            _link!.Close(ReasonCode.QuotaExceeded);
        }

        Pump();
        return isTaken;
    }

    /// <summary>The client is done with a message; false when there is none with that identifier and quality.</summary>
    public bool Complete(ushort packetId, byte quality)
    {
        if (_messages?.Complete(packetId, quality) != true)
        {
            return false;
        }

        _openOnLink = Math.Max(0, _openOnLink - 1);
        Pump();
        return true;
    }

    /// <summary>The client has received a quality 2 message; false when there is none with that identifier.</summary>
    public bool Release(ushort packetId) => _messages?.Release(packetId) == true;

    /// <summary>Takes what the store does not know yet.</summary>
    public (List<QueuedMessage> Touched, List<long> Removed) TakeChanges() => _messages?.Changes.Take() ?? ([], []);

    /// <summary>The store knows nothing: all is taken next time.</summary>
    public void TouchAll() => _messages?.TouchAll();

    /// <summary>Fills it with what the store had kept; before anybody connects.</summary>
    public void Restore(List<StoredMessage> messages, bool isKept)
    {
        _isKept = isKept;
        _lastId = FarFrom(messages.LastOrDefault(m => m.PacketId != 0)?.PacketId);
        foreach (var message in messages)
        {
            Messages.Restore(message.ToQueued());
        }
    }

    // After a crash the client may hold quality 2 messages that the store has not seen sent, with the identifiers that
    // followed the newest it has seen. Another message with one of them would be a duplicate to the client.
    private static ushort FarFrom(ushort? newest) =>
        (ushort)(newest + (ushort.MaxValue / 2) ?? Random.Shared.Next(ushort.MaxValue));

    private void Pump()
    {
        while (_link is not null && _openOnLink < _window && Next() is { } next)
        {
            if (!next.IsReleased && !MaySend(next, _link))
            {
                _messages!.Complete(next.PacketId, next.Quality);
                continue;
            }

            var packet = next.IsReleased
                ? Outgoing.Acknowledge(PacketType.PubRel, next.PacketId)
                : Outgoing.Publish(next);
            next.WasSent = true;
            _openOnLink++;
            _link.TrySend(packet);
        }
    }

    // The right to see it may have gone while it waited; and the client may have said that it does not take packets
    // this large (MQTT 5, section 3.1.2.11.4).
    private bool MaySend(QueuedMessage queued, IClientLink link) =>
        _mayReceive(queued.Message) && link.Fits(queued.Message, queued.Quality, queued.Identifiers);

    private QueuedMessage? Next()
    {
        while (_toResend is not null)
        {
            if (!_toResend.TryDequeue(out var again))
            {
                _toResend = null;
            }
            else if (_messages!.IsInFlight(again))
            {
                return again;
            }
        }

        return _messages?.TakeNext(limits.MaxInFlight, time.GetUtcNow());
    }
}
