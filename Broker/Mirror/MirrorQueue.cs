using System.Threading.Channels;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Live;

namespace ArtMqtt.Broker.Mirror;

/// <summary>
/// What waits to be mirrored: one newest location per request and role, one newest ETA per request, and the status events
/// in order. Bounded; a location or ETA is replaced by a newer one, the oldest entry gives way when too much waits.
/// </summary>
/// <param name="capacity">Most locations and ETAs, and most status events, that wait.</param>
internal sealed class MirrorQueue(int capacity) : ILiveListener
{
    private readonly Lock _gate = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Queue<(Guid RequestId, StatusEvent Event)> _statuses = new();
    private readonly Queue<(Guid RequestId, string Name)> _order = new();
    private readonly Dictionary<(Guid RequestId, string Name), LiveEvent> _newest = [];
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
                case LocationEvent or EtaEvent:
                    AddNewest((requestId, numbered.Event.Name), numbered.Event);
                    break;
                case StatusEvent status:
                    _statuses.Enqueue((requestId, status));
                    // What ends the ETA must not be followed by one from before.
                    _newest.Remove((requestId, EtaEvent.WireName));
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

            while (_order.TryDequeue(out var key))
            {
                if (_newest.Remove(key, out next))
                {
                    requestId = key.RequestId;
                    return true;
                }
            }
        }

        (requestId, next) = (default, null);
        return false;
    }

    private void AddNewest((Guid RequestId, string Name) key, LiveEvent newest)
    {
        if (!_newest.ContainsKey(key))
        {
            _order.Enqueue(key);
        }

        _newest[key] = newest;
        if (_order.Count > capacity)
        {
            if (_newest.Remove(_order.Dequeue()))
            {
                Interlocked.Increment(ref _dropped);
            }
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
