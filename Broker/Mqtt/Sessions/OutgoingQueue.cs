namespace ArtMqtt.Broker.Mqtt.Sessions;

/// <summary>
/// Messages with quality 1 and 2 for one session: those in flight, in the window the client allows, and those that
/// wait behind them, in order. Bounded. Not thread-safe; does no I/O.
/// </summary>
/// <param name="lastId">Packet identifier after which new ones begin.</param>
internal sealed class OutgoingQueue(ushort lastId = 0)
{
    private readonly Queue<QueuedMessage> _waiting = new();
    private readonly Dictionary<ushort, QueuedMessage> _inFlight = [];
    private Dictionary<string, QueuedMessage>? _newest;
    private long _lastSequence;
    private ushort _lastId = lastId;

    /// <summary>Messages that wait for a connection or for room in the window.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Messages that were sent and are not acknowledged.</summary>
    public int InFlight => _inFlight.Count;

    /// <summary>What changed since the store looked last.</summary>
    public OutgoingChanges Changes { get; } = new();

    /// <summary>Adds a message at the end; a waiting older one on its topic gives way if only the newest counts.</summary>
    /// <param name="queued">The message.</param>
    /// <param name="limit">Most that may wait.</param>
    /// <returns>False when there is no room.</returns>
    public bool TryAdd(QueuedMessage queued, int limit)
    {
        if (queued.Message.IsNewestWins
            && _newest is not null && _newest.TryGetValue(queued.Message.Topic, out var older)
            && older.Quality == queued.Quality && older.IsRetained == queued.IsRetained)
        {
            older.Message = queued.Message;
            Changes.Touch(older);
            return true;
        }

        if (_waiting.Count >= limit)
        {
            return false;
        }

        queued.Sequence = ++_lastSequence;
        _waiting.Enqueue(queued);
        Changes.Touch(queued);
        if (queued.Message.IsNewestWins)
        {
            (_newest ??= new(StringComparer.Ordinal))[queued.Message.Topic] = queued;
        }

        return true;
    }

    /// <summary>Removes the message that waits longest.</summary>
    public void DropOldest()
    {
        if (_waiting.TryDequeue(out var oldest))
        {
            Forget(oldest);
        }
    }

    /// <summary>Moves the next waiting message into the window, with a packet identifier.</summary>
    /// <param name="window">Most messages in flight.</param>
    /// <param name="now">Expired messages are skipped.</param>
    /// <returns>What to send, or null when nothing waits or the window is full.</returns>
    public QueuedMessage? TakeNext(int window, DateTimeOffset now)
    {
        while (_inFlight.Count < window && _waiting.TryDequeue(out var next))
        {
            if (next.Message.IsExpired(now))
            {
                Forget(next);
                continue;
            }

            _newest?.Remove(next.Message.Topic);
            next.PacketId = NextId();
            _inFlight[next.PacketId] = next;
            Changes.Touch(next);
            return next;
        }

        return null;
    }

    /// <summary>The client has received a quality 2 message (PUBREC).</summary>
    /// <returns>False when none with that identifier is in flight.</returns>
    public bool Release(ushort packetId)
    {
        if (!_inFlight.TryGetValue(packetId, out var queued) || queued.Quality != 2)
        {
            return false;
        }

        queued.IsReleased = true;
        Changes.Touch(queued);
        return true;
    }

    /// <summary>A message is done: PUBACK, PUBCOMP, or a refusal.</summary>
    /// <param name="packetId">Which.</param>
    /// <param name="quality">The quality that packet is about.</param>
    /// <returns>False when none with that identifier is in flight.</returns>
    public bool Complete(ushort packetId, byte quality)
    {
        if (!_inFlight.TryGetValue(packetId, out var queued) || queued.Quality != quality)
        {
            return false;
        }

        _inFlight.Remove(packetId);
        Forget(queued);
        return true;
    }

    /// <summary>Whether a message was sent and is not acknowledged.</summary>
    public bool IsInFlight(QueuedMessage queued) =>
        _inFlight.TryGetValue(queued.PacketId, out var there) && ReferenceEquals(there, queued);

    /// <summary>What is in flight, oldest first: to be sent again on a new connection.</summary>
    public List<QueuedMessage> TakeUnacknowledged() => [.. _inFlight.Values.OrderBy(q => q.Sequence)];

    /// <summary>Counts all messages as changed: the store could not write what it took.</summary>
    public void TouchAll()
    {
        foreach (var queued in _waiting.Concat(_inFlight.Values))
        {
            Changes.Touch(queued);
        }
    }

    /// <summary>Puts back what the store had kept, in order.</summary>
    public void Restore(QueuedMessage queued)
    {
        _lastSequence = Math.Max(_lastSequence, queued.Sequence);
        if (queued.PacketId == 0)
        {
            _waiting.Enqueue(queued);
        }
        else
        {
            _inFlight[queued.PacketId] = queued;
        }
    }

    private void Forget(QueuedMessage queued)
    {
        if (_newest is not null && _newest.TryGetValue(queued.Message.Topic, out var newest)
            && ReferenceEquals(newest, queued))
        {
            _newest.Remove(queued.Message.Topic);
        }

        Changes.Remove(queued);
    }

    private ushort NextId()
    {
        do
        {
            _lastId++;
        }
        while (_lastId == 0 || _inFlight.ContainsKey(_lastId));
        return _lastId;
    }
}
