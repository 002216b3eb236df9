using System.Collections.Immutable;
using System.Security.Cryptography;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Requests;

namespace ArtMqtt.Live;

/// <summary>
/// The stream of one request. Its lock makes numbering, snapshot, ring and the calls of listeners one step, so that
/// every listener sees every event once and in order.
/// </summary>
/// <param name="requestId">The request.</param>
/// <param name="ringSize">Events it remembers.</param>
/// <param name="now">The time, UTC.</param>
/// <param name="resumed">Where it stood when the process before this one ended, or null.</param>
internal sealed class MemoryLiveStream(
    Guid requestId, int ringSize, DateTimeOffset now, StreamPosition? resumed = null)
{
    private readonly Lock _gate = new();
    private string _epoch = resumed?.Epoch ?? NewEpoch();
    private readonly EventRing _ring = new(ringSize);
    private ImmutableArray<MemorySubscription> _subscriptions = [];
    private LiveSnapshot _snapshot = LiveSnapshot.Empty;
    private RequestStatus? _resumedStatus = resumed?.Status;
    private long _sequence = resumed?.Sequence ?? 0;
    private DateTimeOffset _lastUsed = now;
    private bool _isRetired;

    public Guid RequestId => requestId;

    /// <summary>When the last event or the last end of a subscription was; null while somebody watches.</summary>
    public DateTimeOffset? IdleSince
    {
        get
        {
            lock (_gate)
            {
                return _subscriptions.IsEmpty && !_isRetired ? _lastUsed : null;
            }
        }
    }

    public bool HasStatus
    {
        get
        {
            lock (_gate)
            {
                return _snapshot.Status is not null;
            }
        }
    }

    /// <summary>Where it stands, for the process after this one; null while its status is unknown.</summary>
    public StreamPosition? Position
    {
        get
        {
            lock (_gate)
            {
                return (_snapshot.Status?.Status ?? _resumedStatus) is { } status
                    ? new StreamPosition(requestId, _epoch, _sequence, status)
                    : null;
            }
        }
    }

    /// <summary>Ends the stream if it is idle since before the moment; later calls then fail and find a new one.</summary>
    public bool TryRetire(DateTimeOffset idleBefore)
    {
        lock (_gate)
        {
            return !_isRetired && (_isRetired = _subscriptions.IsEmpty && _lastUsed <= idleBefore);
        }
    }

    /// <summary>Numbers and delivers; false when the stream is retired.</summary>
    public bool TryPublish(
        LiveEvent liveEvent, DateTimeOffset now, LiveDelivery delivery, out NumberedEvent? numbered)
    {
        numbered = null;
        lock (_gate)
        {
            if (_isRetired)
            {
                return false;
            }

            if (liveEvent is LocationEvent location && ReasonToRefuse(location) is { } reason)
            {
                delivery.Refuse(reason);
                return true;
            }

            _lastUsed = now;
            _snapshot = After(_snapshot, liveEvent);
            numbered = new NumberedEvent(new Cursor(_epoch, ++_sequence), liveEvent);
            _ring.Add(numbered);
            delivery.Deliver(requestId, numbered, _subscriptions);
            return true;
        }
    }

    /// <summary>Snapshot, missed events and subscription in one moment; null when the stream is retired.</summary>
    public MemorySubscription? TrySubscribe(Cursor? since, ILiveListener listener, Action<MemorySubscription> ended)
    {
        lock (_gate)
        {
            if (_isRetired)
            {
                return null;
            }

            // One who knows more than there is does not come from here.
            var count = since is { } cursor && cursor.Epoch == _epoch ? _sequence - cursor.Sequence : -1;
            var missed = count > 0 ? _ring.Newest(count) : [];
            var subscription = new MemorySubscription(this, listener, ended)
            {
                Cursor = new Cursor(_epoch, _sequence),
                Snapshot = _snapshot,
                Missed = missed,
                IsRecovered = missed.Length == count,
            };
            _subscriptions = _subscriptions.Add(subscription);
            return subscription;
        }
    }

    public void Unsubscribe(MemorySubscription subscription, DateTimeOffset now)
    {
        lock (_gate)
        {
            _subscriptions = _subscriptions.Remove(subscription);
            _lastUsed = now;
        }
    }

    /// <summary>Fills what is unknown; false when the stream is retired.</summary>
    public bool TrySeed(LiveSnapshot seed)
    {
        lock (_gate)
        {
            if (!_isRetired && _snapshot.Status is null)
            {
                var seeded = new LiveSnapshot(
                    seed.Status, Newer(_snapshot.Operator, seed.Operator), Newer(_snapshot.Customer, seed.Customer))
                {
                    Presence = _snapshot.Presence,
                };
                _snapshot = WithoutPlacesWhenOver(seeded);
                RenewWhenNotTold(seed.Status?.Status);
            }

            return !_isRetired;
        }
    }

    // The request went on while no process was there to tell: nobody may believe that their cursor knows it all.
    private void RenewWhenNotTold(RequestStatus? status)
    {
        if (_resumedStatus is { } known && known != status)
        {
            _epoch = NewEpoch();
        }

        _resumedStatus = null;
    }

    private static string NewEpoch() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    private static LiveSnapshot After(LiveSnapshot snapshot, LiveEvent liveEvent) => liveEvent switch
    {
        StatusEvent status => WithoutPlacesWhenOver(snapshot with { Status = status }),
        LocationEvent { Role: PositionRole.Customer } customer => snapshot with { Customer = customer },
        LocationEvent place => snapshot with { Operator = place },
        PresenceEvent presence => WithoutPlacesWhenOver(snapshot with { Presence = presence }),
        _ => snapshot,
    };

    private static LiveSnapshot WithoutPlacesWhenOver(LiveSnapshot snapshot) =>
        snapshot.Status is { } status && status.Status.IsFinal()
            ? snapshot with { Operator = null, Customer = null, Presence = null }
            : snapshot;

    private static LocationEvent? Newer(LocationEvent? one, LocationEvent? other) =>
        one is null || other?.Timestamp > one.Timestamp ? other : one;

    private string? ReasonToRefuse(LocationEvent location)
    {
        if (_snapshot.Status?.Status.IsFinal() == true)
        {
            return "ended";
        }

        var shown = location.Role == PositionRole.Customer ? _snapshot.Customer : _snapshot.Operator;
        return location.Timestamp <= shown?.Timestamp ? "late" : null;
    }
}
