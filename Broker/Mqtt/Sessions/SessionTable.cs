using System.Collections.Concurrent;
using ArtMqtt.Broker.Auth;
using ArtMqtt.Broker.Mqtt.Routing;

namespace ArtMqtt.Broker.Mqtt.Sessions;

/// <summary>
/// The sessions by client id. Connects, ends and expiry of sessions go through one lock, which is never held while
/// anything waits; deliveries do not need it.
/// </summary>
internal sealed class SessionTable(
    TopicIndex index, SessionLimits limits, int capacity, Func<ClientIdentity, Message, bool> mayReceive, TimeProvider time,
    Action<Session> changed)
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);
    private readonly HashSet<Session> _detached = [];

    /// <summary>All sessions.</summary>
    public ICollection<Session> All => _sessions.Values;

    /// <summary>How many there are.</summary>
    public int Count => _sessions.Count;

    /// <summary>Opens the session of a client that connects: the one it left, or a new one.</summary>
    /// <param name="request">What the client wants.</param>
    /// <param name="link">Its connection.</param>
    /// <param name="welcome">Makes the CONNACK; told whether the session was there before and how long it is kept.</param>
    public SessionOpening Open(in SessionRequest request, IClientLink link, Func<bool, uint, byte[]> welcome)
    {
        lock (_gate)
        {
            var wills = new List<PendingWill>();
            IClientLink? before = null;
            if (_sessions.TryGetValue(request.Key, out var session) && (request.IsCleanStart || !session.IsPersistent))
            {
                before = session.TakeLink();
                _detached.Remove(session);
                AddEnded(session, wills);
                session = null;
            }

            var isPresent = session is not null;
            // When too many are kept already, a new one ends with its connection; the client is told.
            var expiry = isPresent || _detached.Count < capacity ? request.ExpirySeconds : 0;
            session ??= _sessions[request.Key] =
                new Session(request.Key, request.Identity, limits, mayReceive, time, changed);
            _detached.Remove(session);
            var (earlier, will) = session.Attach(
                link, request.Identity, expiry, request.Will, welcome(isPresent, expiry));
            // A will that waits for its delay is cancelled by the client's return (MQTT 5, section 3.1.3.2.2); that of a
            // connection which is taken over is sent unless it would have waited.
            if (will is { DueAt: null, Packet.DelaySeconds: 0 })
            {
                wills.Add(will);
            }

            return new SessionOpening(session, before ?? earlier, wills);
        }
    }

    /// <summary>A connection has ended.</summary>
    /// <returns>The will to be sent now, or null.</returns>
    public PendingWill? Close(Session session, IClientLink link, SessionEnd end)
    {
        lock (_gate)
        {
            if (session.IsEnded || !session.Detach(link, end))
            {
                return null;
            }

            if (session.IsPersistent)
            {
                _detached.Add(session);
                return session.TakeDueWill(time.GetUtcNow());
            }

            var wills = new List<PendingWill>();
            AddEnded(session, wills);
            return wills.SingleOrDefault();
        }
    }

    /// <summary>Ends sessions that are over.</summary>
    /// <returns>Wills that are due now.</returns>
    public List<PendingWill> Sweep()
    {
        var wills = new List<PendingWill>();
        var now = time.GetUtcNow();
        lock (_gate)
        {
            foreach (var session in _detached)
            {
                if (session.TakeDueWill(now) is { } will)
                {
                    wills.Add(will);
                }

                if (session.EndsAt <= now)
                {
                    AddEnded(session, wills);
                }
            }

            _detached.RemoveWhere(session => session.IsEnded);
        }

        return wills;
    }

    /// <summary>Ends the sessions of clients that are not wanted any more and not connected.</summary>
    public List<PendingWill> EndDetached(Func<ClientIdentity, bool> isWanted)
    {
        var wills = new List<PendingWill>();
        lock (_gate)
        {
            foreach (var session in _detached.Where(s => !isWanted(s.Identity)).ToList())
            {
                AddEnded(session, wills);
                _detached.Remove(session);
            }
        }

        return wills;
    }

    /// <summary>Adds a session that the store had kept; before anybody connects.</summary>
    public void Restore(string key, SessionState state, IEnumerable<StoredMessage> messages)
    {
        var session = new Session(key, state.Identity, limits, mayReceive, time, changed);
        // Its client was connected when we stopped: from now on it is away.
        var now = time.GetUtcNow();
        var endsAt = state.EndsAt ?? (state.ExpirySeconds == SessionEnd.Never ? null : now.AddSeconds(state.ExpirySeconds));
        var will = state.Will is { DueAt: null } open
            ? open with { DueAt = now.AddSeconds(Math.Min(open.Packet.DelaySeconds, state.ExpirySeconds)) }
            : state.Will;
        session.Restore(state with { EndsAt = endsAt, Will = will }, messages, index);
        lock (_gate)
        {
            _sessions[key] = session;
            _detached.Add(session);
        }
    }

    private void AddEnded(Session session, List<PendingWill> wills)
    {
        var (subscriptions, will) = session.End();
        foreach (var subscription in subscriptions)
        {
            index.Remove(subscription);
        }

        _sessions.TryRemove(KeyValuePair.Create(session.Key, session));
        if (will is not null)
        {
            wills.Add(will);
        }
    }
}
