using System.Threading.Channels;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Live;

namespace ArtMqtt.Broker.Mirror;

/// <summary>
/// What waits to be mirrored: one newest location per request and role, and the status events in order. Bounded; a
/// location is replaced by a newer one, the oldest entry gives way when too much waits.
/// </summary>
/// <param name="capacity">Most locations and most status events that wait.</param>
internal sealed class MirrorQueue(int capacity) : ILiveListener
{
    private readonly Lock _gate = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Queue<(Guid RequestId, StatusEvent Event)> _statuses = new();
    private readonly Queue<(Guid RequestId, PositionRole Role)> _order = new();
    private readonly Dictionary<(Guid RequestId, PositionRole Role), LocationEvent> _newest = [];
    private long _dropped;

    /// <summary>Entries that gave way because too much waited.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <inheritdoc/>
    public void OnEvent(Guid requestId, NumberedEvent numbered)
    {
        lock (_gate)
        {
            switch (numbered.Event)
            {
                case LocationEvent location:
                    AddLocation((requestId, location.Role), location);
                    break;
                case StatusEvent status:
                    _statuses.Enqueue((requestId, status));
                    DropOldestStatus();
                    break;
                default:
                    return;
            }
        }

        _signal.Writer.TryWrite(true);
    }

    /// <summary>Waits until something is queued.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken) =>
        await _signal.Reader.ReadAsync(cancellationToken);

    /// <summary>The next to mirror, status events first; false when nothing waits.</summary>
    public bool TryTake(out Guid requestId, out LiveEvent? next)
    {
        lock (_gate)
        {
            if (_statuses.TryDequeue(out var status))
            {
                (requestId, next) = status;
                return true;
            }

            if (_order.TryDequeue(out var key) && _newest.Remove(key, out var location))
            {
                (requestId, next) = (key.RequestId, location);
                return true;
            }
        }

        (requestId, next) = (default, null);
        return false;
    }

    private void AddLocation((Guid RequestId, PositionRole Role) key, LocationEvent location)
    {
        if (!_newest.ContainsKey(key))
        {
            _order.Enqueue(key);
        }

        _newest[key] = location;
        if (_order.Count > capacity)
        {
            _newest.Remove(_order.Dequeue());
            Interlocked.Increment(ref _dropped);
        }
    }

    private void DropOldestStatus()
    {
        if (_statuses.Count > capacity)
        {
            _statuses.Dequeue();
            Interlocked.Increment(ref _dropped);
        }
    }
}
