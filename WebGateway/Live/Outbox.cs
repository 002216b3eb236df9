using System.Threading.Channels;
using ArtMqtt.Live;

namespace ArtMqtt.WebGateway.Live;

/// <summary>
/// What waits to be sent to one connection: bounded by its watches (two places each) and
/// <see cref="LiveFeedOptions.MaxPendingStatus"/>. Publishers only replace or enqueue here; they never wait.
/// </summary>
internal sealed class Outbox(int maxPendingStatus, GatewayMetrics metrics, Action overflowed, Action reset)
{
    private readonly Lock _gate = new();
    private readonly Queue<Watch> _line = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private int _pendingStatus;
    private bool _isOverflowed;

    /// <summary>Completes when something may be there to take.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _signal.Reader.ReadAsync(cancellationToken);

    /// <summary>Keeps an event for its watch. Called under the stream's lock.</summary>
    public void Offer(Watch watch, NumberedEvent numbered)
    {
        var overflows = false;
        lock (_gate)
        {
            if (watch.IsEnded || _isOverflowed)
            {
                return;
            }

            _pendingStatus -= watch.PendingStatuses;
            if (watch.Keep(numbered))
            {
                metrics.Conflated();
            }

            _pendingStatus += watch.PendingStatuses;
            overflows = _isOverflowed = _pendingStatus > maxPendingStatus;
            QueueIfPending(watch);
        }

        if (overflows)
        {
            metrics.Overflowed();
            overflowed();
        }
    }

    /// <summary>A watch cannot go on: the connection ends, and its reader comes again with the cursors it has.</summary>
    public void Reset() => reset();

    /// <summary>Lets the watch's events follow the reply to its join.</summary>
    public void Open(Watch watch)
    {
        lock (_gate)
        {
            watch.IsOpen = true;
            QueueIfPending(watch);
        }
    }

    /// <summary>Forgets a watch and all that waits for it.</summary>
    public void End(Watch watch)
    {
        lock (_gate)
        {
            watch.IsEnded = true;
            _pendingStatus -= watch.PendingStatuses;
            watch.TakePending([]);
        }
    }

    /// <summary>Takes what waits for the next watch in line; null when the line is empty.</summary>
    public Watch? TakeNext(List<NumberedEvent> pending)
    {
        lock (_gate)
        {
            while (_line.TryDequeue(out var watch))
            {
                watch.IsQueued = false;
                if (watch.IsEnded)
                {
                    continue;
                }

                _pendingStatus -= watch.PendingStatuses;
                watch.TakePending(pending);
                return watch;
            }

            return null;
        }
    }

    private void QueueIfPending(Watch watch)
    {
        if (watch is { IsOpen: true, IsEnded: false, IsQueued: false, HasPending: true })
        {
            watch.IsQueued = true;
            _line.Enqueue(watch);
            _signal.Writer.TryWrite(true);
        }
    }
}
