using ArtMqtt.Broker.Auth;
using ArtMqtt.Broker.Intake;
using ArtMqtt.Broker.Mqtt.Routing;
using ArtMqtt.Broker.Mqtt.Wire;

namespace ArtMqtt.Broker.Mqtt.Sessions;

/// <summary>
/// What the broker keeps for one client id: subscriptions, messages on their way, publishes half received. It may
/// outlive the connection. Thread-safe; never waits for the client.
/// </summary>
/// <param name="key">Client id within its identity.</param>
/// <param name="identity">Who the client is.</param>
/// <param name="limits">What it may hold.</param>
/// <param name="mayReceive">Whether it may still see a message; asked again when one that waited is sent.</param>
/// <param name="time">Clock.</param>
/// <param name="changed">Called, inside the session's lock, when there is something for the store; must not wait.</param>
internal sealed class Session(
    string key, ClientIdentity identity, SessionLimits limits, Func<ClientIdentity, Message, bool> mayReceive,
    TimeProvider time, Action<Session> changed)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Subscription> _subscriptions = new(StringComparer.Ordinal);
    private readonly OutgoingFlow _outgoing = new(limits, time);
    private ReceivedIds? _received;
    private bool _isToBeRewritten;
    private bool _isStateChanged;

    /// <summary>Client id within its identity.</summary>
    public string Key { get; } = key;

    /// <summary>Who the client is, as it last connected.</summary>
    public ClientIdentity Identity { get; private set; } = identity;

    /// <summary>Whether the client is connected.</summary>
    public bool IsConnected => _outgoing.Link is not null;

    /// <summary>Whether the session outlives the connection.</summary>
    public bool IsPersistent => ExpirySeconds > 0;

    /// <summary>Whether it is over; nothing is delivered any more.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>How long it is kept without a connection, in seconds; <see cref="SessionEnd.Never"/> for ever.</summary>
    public uint ExpirySeconds { get; private set; }

    /// <summary>When it ends, UTC; null while the client is connected, or for never.</summary>
    public DateTimeOffset? EndsAt { get; private set; }

    /// <summary>The client's last will, or null.</summary>
    public PendingWill? Will { get; private set; }

    /// <summary>Filters it is subscribed to.</summary>
    public int SubscriptionCount => _subscriptions.Count;

    /// <summary>Messages that wait for the client or that it has not acknowledged.</summary>
    public int QueuedCount
    {
        get
        {
            lock (_gate)
            {
                return _outgoing.Count;
            }
        }
    }

    /// <summary>Puts a new connection in the place of the one before, and greets the client.</summary>
    /// <param name="link">The new connection.</param>
    /// <param name="identity">Who the client is.</param>
    /// <param name="expirySeconds">How long the session outlives it.</param>
    /// <param name="will">The client's last will, or null.</param>
    /// <param name="welcome">The CONNACK; the first packet on the connection.</param>
    /// <returns>The connection before, if any, and the will that now is nobody's.</returns>
    public (IClientLink? Before, PendingWill? Will) Attach(
        IClientLink link, ClientIdentity identity, uint expirySeconds, WillPacket? will, byte[] welcome)
    {
        lock (_gate)
        {
            var before = (_outgoing.Link, Will);
            var wasPersistent = IsPersistent;
            (Identity, ExpirySeconds, EndsAt) = (identity, expirySeconds, null);
            Will = will is null ? null : new PendingWill(will, identity);
            link.TrySend(Outgoing.Ready(welcome));
            _outgoing.Attach(link, message => mayReceive(Identity, message), IsPersistent);
            if (wasPersistent || IsPersistent)
            {
                _isStateChanged = true;
                changed(this);
            }

            return before;
        }
    }

    /// <summary>Parts from the connection, without its end: the session is about to end or to be somebody else's.</summary>
    public IClientLink? TakeLink()
    {
        lock (_gate)
        {
            return _outgoing.Detach();
        }
    }

    /// <summary>A connection has ended.</summary>
    /// <param name="link">Which; when another one took its place meanwhile, nothing happens.</param>
    /// <param name="end">What that means.</param>
    /// <returns>False when another one took its place.</returns>
    public bool Detach(IClientLink link, SessionEnd end)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(_outgoing.Link, link))
            {
                return false;
            }

            var now = time.GetUtcNow();
            _outgoing.Detach();
            ExpirySeconds = end.ExpirySeconds;
            EndsAt = ExpirySeconds == SessionEnd.Never ? null : now.AddSeconds(ExpirySeconds);
            Will = end.SendsWill && Will is { } will
                ? will with { DueAt = now.AddSeconds(end.WillDelaySeconds(will.Packet)) }
                : null;
            _isStateChanged = true;
            // Also what no longer is to be kept: the store still has it.
            changed(this);
            return true;
        }
    }

    /// <summary>Takes the will if it is due.</summary>
    public PendingWill? TakeDueWill(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (Will is not { DueAt: { } due } will || due > now)
            {
                return null;
            }

            Will = null;
            StateChanged();
            return will;
        }
    }

    /// <summary>Ends the session.</summary>
    /// <returns>What it was subscribed to, and the will that has to be sent now.</returns>
    public (List<Subscription> Subscriptions, PendingWill? Will) End()
    {
        lock (_gate)
        {
            IsEnded = true;
            List<Subscription> all = [.. _subscriptions.Values];
            _subscriptions.Clear();
            var will = Will;
            (Will, _received) = (null, null);
            _outgoing.Clear();
            changed(this);
            return (all, will);
        }
    }

    /// <summary>Adds a subscription, or replaces the options of the same filter.</summary>
    /// <param name="subscription">What for.</param>
    /// <param name="index">Gets it too.</param>
    /// <param name="isNew">Whether the filter was not subscribed to before.</param>
    /// <returns>False when there are too many.</returns>
    public bool TrySubscribe(Subscription subscription, TopicIndex index, out bool isNew)
    {
        lock (_gate)
        {
            var filter = subscription.Request.Filter;
            isNew = !_subscriptions.ContainsKey(filter);
            if (IsEnded || (isNew && _subscriptions.Count >= limits.MaxSubscriptions))
            {
                return false;
            }

            _subscriptions[filter] = subscription;
            index.Set(subscription);
            StateChanged();
            return true;
        }
    }

    /// <summary>Removes a subscription; false when there was none.</summary>
    public bool Unsubscribe(string filter, TopicIndex index)
    {
        lock (_gate)
        {
            if (!_subscriptions.Remove(filter, out var subscription))
            {
                return false;
            }

            index.Remove(subscription);
            StateChanged();
            return true;
        }
    }

    /// <summary>Sends a message to the client, or keeps it for when it comes back.</summary>
    public DeliveryResult Deliver(in Delivery delivery)
    {
        lock (_gate)
        {
            if (IsEnded || (!IsConnected && (delivery.Quality == 0 || !IsPersistent)))
            {
                return DeliveryResult.Absent;
            }

            if (delivery.Quality == 0)
            {
                return _outgoing.TrySendNow(delivery) ? DeliveryResult.Taken : DeliveryResult.Dropped;
            }

            var isTaken = _outgoing.TryQueue(delivery);
            Changed();
            return !isTaken ? DeliveryResult.Dropped : IsPersistent ? DeliveryResult.Kept : DeliveryResult.Taken;
        }
    }

    /// <summary>The client has taken a quality 1 message (PUBACK), or has done with a quality 2 message.</summary>
    /// <param name="packetId">Which.</param>
    /// <param name="quality">1 for PUBACK; 2 for PUBCOMP, or PUBREC with a refusal.</param>
    public void Complete(ushort packetId, byte quality)
    {
        lock (_gate)
        {
            if (_outgoing.Complete(packetId, quality))
            {
                Changed();
            }
        }
    }

    /// <summary>The client has received a quality 2 message (PUBREC).</summary>
    /// <returns>False when there is none with that identifier.</returns>
    public bool Release(ushort packetId)
    {
        lock (_gate)
        {
            var isKnown = _outgoing.Release(packetId);
            if (isKnown)
            {
                Changed();
            }

            return isKnown;
        }
    }

    /// <summary>What became of a quality 2 publish of the client that was received before; null when it is new.</summary>
    public Task<IntakeResult>? FindReceived(ushort packetId)
    {
        lock (_gate)
        {
            return _received?.Find(packetId);
        }
    }

    /// <summary>Notes a quality 2 publish of the client, until its PUBREL.</summary>
    public void AddReceived(ushort packetId, Task<IntakeResult> result)
    {
        lock (_gate)
        {
            (_received ??= new ReceivedIds()).Add(packetId, result);
        }
    }

    /// <summary>A quality 2 publish of the client is safe: from now on the store, too, knows that it was received.</summary>
    public void KeepReceived()
    {
        lock (_gate)
        {
            StateChanged();
        }
    }

    /// <summary>Forgets a quality 2 publish of the client; false when there was none.</summary>
    public bool RemoveReceived(ushort packetId)
    {
        lock (_gate)
        {
            var wasThere = _received?.Remove(packetId) == true;
            if (wasThere)
            {
                StateChanged();
            }

            return wasThere;
        }
    }

    /// <summary>Quality 2 publishes of the client without PUBREL.</summary>
    public int ReceivedCount => _received?.Count ?? 0;

    /// <summary>Takes what the store does not know yet.</summary>
    public SessionChanges TakeChanges()
    {
        lock (_gate)
        {
            var (touched, removed) = _outgoing.TakeChanges();
            var isOver = IsEnded || !IsPersistent;
            var state = isOver || !_isStateChanged
                ? null
                : new SessionState(
                    Identity, ExpirySeconds, EndsAt, Will, [.. _subscriptions.Values.Select(s => (s.Request, s.Identifier))],
                    [.. _received?.Safe ?? []]);
            var isWhole = _isToBeRewritten;
            (_isToBeRewritten, _isStateChanged) = (false, false);
            return new SessionChanges(Key, isOver, state, [.. touched.Select(StoredMessage.Of)], removed, isWhole);
        }
    }

    /// <summary>The store could not write what it took: next time it gets everything.</summary>
    public void MarkAllChanged()
    {
        lock (_gate)
        {
            (_isToBeRewritten, _isStateChanged) = (true, true);
            _outgoing.TouchAll();
        }
    }

    /// <summary>Fills the session with what the store had kept; before anybody connects.</summary>
    public void Restore(SessionState state, IEnumerable<StoredMessage> messages, TopicIndex index)
    {
        lock (_gate)
        {
            (ExpirySeconds, EndsAt, Will) = (state.ExpirySeconds, state.EndsAt, state.Will);
            // When it ends may have been decided just now.
            _isStateChanged = true;
            foreach (var (request, identifier) in state.Subscriptions)
            {
                var subscription = new Subscription(this, request, identifier);
                _subscriptions[request.Filter] = subscription;
                index.Set(subscription);
            }

            foreach (var id in state.ReceivedIds)
            {
                (_received ??= new ReceivedIds()).Add(id, Task.FromResult(IntakeResult.Taken));
            }

            _outgoing.Restore([.. messages], IsPersistent);
        }
    }

    private void StateChanged()
    {
        _isStateChanged = true;
        Changed();
    }

    // One that has ended stays silent: the store may already have the next session with its key.
    private void Changed()
    {
        if (IsPersistent && !IsEnded)
        {
            changed(this);
        }
    }
}
