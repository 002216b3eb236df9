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
    private EventRing _ring = new(ringSize);
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

    public bool HasStatus => Snapshot.Status is not null;

    /// <summary>Nobody watches.</summary>
    public bool IsUnwatched
    {
        get
        {
            lock (_gate)
            {
                return _subscriptions.IsEmpty;
            }
        }
    }

    /// <summary>The newest of everything.</summary>
    public LiveSnapshot Snapshot
    {
        get
        {
            lock (_gate)
            {
                return _snapshot;
            }
        }
    }

    /// <summary>Where it stands.</summary>
    public Cursor Cursor
    {
        get
        {
            lock (_gate)
            {
                return new Cursor(_epoch, _sequence);
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

            if (ReasonToRefuse(liveEvent) is { } reason)
            {
                delivery.Refuse(reason);
                return true;
            }

            _lastUsed = now;
            _snapshot = After(_snapshot, liveEvent);
            numbered = new NumberedEvent(new Cursor(_epoch, ++_sequence), liveEvent);
            _ring.Add(numbered);
            delivery.Deliver(requestId, numbered, _subscriptions);
            delivery.Published(requestId, numbered);
            return true;
        }
    }

    /// <summary>Takes the next event of a stream that is numbered elsewhere.</summary>
    public Taken Take(NumberedEvent numbered, LiveDelivery delivery)
    {
        lock (_gate)
        {
            var (epoch, sequence) = numbered.Cursor;
            if (epoch != _epoch)
            {
                return Taken.Foreign;
            }

            if (sequence != _sequence + 1)
            {
                return sequence <= _sequence ? Taken.Known : Taken.Early;
            }

            Append(numbered, delivery);
            return Taken.Next;
        }
    }

    /// <summary>
    /// Goes on with what is known elsewhere. When that follows what was told here, watchers get what they missed;
    /// otherwise their subscriptions end, and they come again.
    /// </summary>
    /// <param name="cursor">Where the stream stands.</param>
    /// <param name="snapshot">The newest of everything there.</param>
    /// <param name="newest">The newest events up to there, oldest first, without gaps.</param>
    /// <param name="delivery">Hands them out.</param>
    public void Load(Cursor cursor, LiveSnapshot snapshot, IReadOnlyList<NumberedEvent> newest, LiveDelivery delivery)
    {
        lock (_gate)
        {
            if (cursor.Epoch == _epoch && cursor.Sequence < _sequence)
            {
                // An answer from before what came meanwhile; it may bring a seed all the same.
                TrySeed(snapshot);
                return;
            }

            if (cursor.Epoch == _epoch && cursor.Sequence - newest.Count <= _sequence)
            {
                foreach (var missed in newest.Where(missed => missed.Cursor.Sequence > _sequence).ToList())
                {
                    Append(missed, delivery);
                }
            }
            else
            {
                Restart(cursor, delivery);
                foreach (var numbered in newest)
                {
                    _ring.Add(numbered);
                }
            }

            _snapshot = snapshot;
        }
    }

    /// <summary>Begins a new epoch with what is known; the subscriptions end.</summary>
    public void Fork(LiveDelivery delivery)
    {
        lock (_gate)
        {
            Restart(new Cursor(NewEpoch(), 0), delivery);
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
                    Eta = seed.Status?.Status == RequestStatus.EnRoute ? _snapshot.Eta : null,
                };
                _snapshot = WithoutPlacesWhenOver(seeded);
                RenewWhenNotTold(seed.Status?.Status);
            }

            return !_isRetired;
        }
    }

    private void Append(NumberedEvent numbered, LiveDelivery delivery)
    {
        _sequence = numbered.Cursor.Sequence;
        _snapshot = After(_snapshot, numbered.Event);
        _ring.Add(numbered);
        delivery.Deliver(requestId, numbered, _subscriptions);
    }

    private void Restart(Cursor cursor, LiveDelivery delivery)
    {
        (_epoch, _sequence) = cursor;
        _ring = new EventRing(ringSize);
        var ended = _subscriptions;
        _subscriptions = [];
        delivery.Reset(requestId, ended);
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

    /// <summary>A name that no stream has had.</summary>
    public static string NewEpoch() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    private static LiveSnapshot After(LiveSnapshot snapshot, LiveEvent liveEvent) => liveEvent switch
    {
        StatusEvent status => WithoutPlacesWhenOver(snapshot with
        {
            Status = status,
            Eta = status.Status == RequestStatus.EnRoute ? snapshot.Eta : null,
        }),
        EtaEvent eta => snapshot with { Eta = eta },
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

    private string? ReasonToRefuse(LiveEvent liveEvent) => liveEvent switch
    {
        LocationEvent location => ReasonToRefuse(location),
        EtaEvent when _snapshot.Status is { } status && status.Status != RequestStatus.EnRoute => "ended",
        _ => null,
    };

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
