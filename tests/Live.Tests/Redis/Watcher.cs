using ArtMqtt.Contracts.Live;

namespace ArtMqtt.Live.Tests.Redis;

/// <summary>
/// Watches one stream as a browser does: comes again when its subscription ends, with its cursor, and knows what it has seen.
/// </summary>
internal sealed class Watcher : ILiveListener, IDisposable
{
    private readonly Lock _gate = new();
    private readonly ILiveStreams _streams;
    private readonly Guid _request;
    private readonly List<NumberedEvent> _seen = [];
    private readonly List<NumberedEvent> _told = [];
    private readonly List<NumberedEvent> _early = [];
    private ILiveSubscription? _subscription;
    private Cursor? _cursor;
    private bool _isReset;

    private Watcher(ILiveStreams streams, Guid request) => (_streams, _request) = (streams, request);

    /// <summary>What it was shown: events that it heard or that were in its snapshot, each once, in order.</summary>
    public IReadOnlyList<LiveEvent> Seen
    {
        get
        {
            lock (_gate)
            {
                return [.. _seen.Select(numbered => numbered.Event)];
            }
        }
    }

    public IReadOnlyList<Cursor> Cursors
    {
        get
        {
            lock (_gate)
            {
                return [.. _seen.Select(numbered => numbered.Cursor)];
            }
        }
    }

    /// <summary>The events that it heard, or had missed, with their numbers.</summary>
    public IReadOnlyList<NumberedEvent> Told
    {
        get
        {
            lock (_gate)
            {
                return [.. _told];
            }
        }
    }

    /// <summary>Snapshots that it had to be given because its gap could not be closed.</summary>
    public int Snapshots { get; private set; }

    public static async Task<Watcher> StartAsync(ILiveStreams streams, Guid request, CancellationToken cancellationToken)
    {
        var watcher = new Watcher(streams, request);
        await watcher.JoinAsync(cancellationToken);
        return watcher;
    }

    /// <summary>Comes again if its subscription has ended.</summary>
    public async Task RejoinAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _isReset))
        {
            await JoinAsync(cancellationToken);
        }
    }

    /// <summary>An event as watchers on all nodes are told it: without the version.</summary>
    public static LiveEvent AsTold(LiveEvent liveEvent) => liveEvent is StatusEvent status ? status with { Version = null } : liveEvent;

    public void OnEvent(Guid requestId, NumberedEvent numbered)
    {
        lock (_gate)
        {
            if (_subscription is null)
            {
                _early.Add(numbered);
            }
            else
            {
                Take(numbered);
            }
        }
    }

    public void OnReset(Guid requestId) => Volatile.Write(ref _isReset, true);

    public void Dispose() => _subscription?.Dispose();

    private async Task JoinAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _subscription?.Dispose();
            _subscription = null;
            Volatile.Write(ref _isReset, false);
        }

        var subscription = await _streams.SubscribeAsync(_request, _cursor, this, cancellationToken);
        lock (_gate)
        {
            if (!subscription.IsRecovered)
            {
                Snapshots++;
                foreach (var shown in new LiveEvent?[] { subscription.Snapshot.Status, subscription.Snapshot.Operator })
                {
                    if (shown is not null && !_seen.Any(numbered => AsTold(numbered.Event) == AsTold(shown)))
                    {
                        _seen.Add(new NumberedEvent(subscription.Cursor, shown));
                    }
                }
            }

            foreach (var missed in subscription.IsRecovered ? subscription.Missed : [])
            {
                Take(missed);
            }

            _cursor = subscription.Cursor;
            _subscription = subscription;
            _early.ForEach(Take);
            _early.Clear();
        }
    }

    private void Take(NumberedEvent numbered)
    {
        _seen.Add(numbered);
        _told.Add(numbered);
        _cursor = numbered.Cursor;
    }
}
