using System.Collections.Concurrent;
using ArtMqtt.Contracts.Live;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Live;

/// <summary>
/// Live streams of one node, in memory. Where they stand is carried over an orderly restart
/// (<see cref="StreamPositionsFile"/>); after a crash every stream has a new epoch.
/// </summary>
public sealed partial class MemoryLiveStreams(
    IOptions<LiveOptions> options, TimeProvider time, LiveMetrics metrics, ILogger<MemoryLiveStreams> logger)
    : ILiveStreams
{
    private readonly ConcurrentDictionary<Guid, MemoryLiveStream> _streams = new();
    private readonly LiveOptions _options = options.Value;
    private readonly LiveDelivery _delivery = new(metrics, logger);
    private readonly Lock _eviction = new();
    private int _count;
    private int _evictAbove = options.Value.MaxStreams;

    /// <inheritdoc/>
    public bool IsShared => false;

    /// <summary>Streams in memory now.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <inheritdoc/>
    public ValueTask<NumberedEvent?> PublishAsync(
        Guid requestId, LiveEvent liveEvent, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        NumberedEvent? numbered;
        while (!GetOrAdd(requestId).TryPublish(liveEvent, time.GetUtcNow(), _delivery, out numbered))
        {
            // Evicted between the two steps: the next round finds or makes another.
        }

        return ValueTask.FromResult(numbered);
    }

    /// <inheritdoc/>
    public ValueTask<ILiveSubscription> SubscribeAsync(
        Guid requestId, Cursor? since, ILiveListener listener, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        while (true)
        {
            if (GetOrAdd(requestId).TrySubscribe(since, listener, EndSubscription) is { } subscription)
            {
                metrics.SubscriptionsChanged(+1);
                if (since is not null)
                {
                    metrics.Resumed(subscription.IsRecovered);
                }

                return ValueTask.FromResult<ILiveSubscription>(subscription);
            }
        }
    }

    /// <inheritdoc/>
    public IDisposable SubscribeAll(ILiveListener listener) => new EverywhereSubscription(_delivery, metrics, listener);

    /// <inheritdoc/>
    public ValueTask<bool> HasSnapshotAsync(Guid requestId, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_streams.TryGetValue(requestId, out var stream) && stream.HasStatus);

    /// <inheritdoc/>
    public ValueTask SeedAsync(Guid requestId, LiveSnapshot snapshot, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        while (!GetOrAdd(requestId).TrySeed(snapshot))
        {
            // Evicted between the two steps: the next round finds or makes another.
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Where the streams stand.</summary>
    internal IEnumerable<StreamPosition> Positions => _streams.Values.Select(stream => stream.Position).OfType<StreamPosition>();

    /// <summary>Goes on with the streams of the process before this one; before anybody uses them.</summary>
    internal void Resume(IEnumerable<StreamPosition> positions)
    {
        foreach (var position in positions.Take(_options.MaxStreams))
        {
            if (_streams.TryAdd(
                position.RequestId, new MemoryLiveStream(position.RequestId, _options.RingSize, time.GetUtcNow(), position)))
            {
                metrics.StreamAdded();
                Interlocked.Increment(ref _count);
            }
        }
    }

    /// <summary>Drops the streams that nobody used for <see cref="LiveOptions.IdleAfter"/>.</summary>
    internal void EvictIdle()
    {
        var idleBefore = time.GetUtcNow() - _options.IdleAfter;
        lock (_eviction)
        {
            foreach (var (_, stream) in _streams)
            {
                Evict(stream, idleBefore);
            }

            _evictAbove = _options.MaxStreams;
        }
    }

    private MemoryLiveStream GetOrAdd(Guid requestId)
    {
        if (_streams.TryGetValue(requestId, out var stream))
        {
            return stream;
        }

        var added = new MemoryLiveStream(requestId, _options.RingSize, time.GetUtcNow());
        stream = _streams.GetOrAdd(requestId, added);
        if (ReferenceEquals(stream, added))
        {
            metrics.StreamAdded();
            if (Interlocked.Increment(ref _count) > Volatile.Read(ref _evictAbove))
            {
                EvictOldest(except: added);
            }
        }

        return stream;
    }

    // Looking for the oldest costs a walk over all streams, so a walk makes room for many.
    private void EvictOldest(MemoryLiveStream except)
    {
        lock (_eviction)
        {
            var step = 1 + (_options.MaxStreams / 64);
            var surplus = Count - _options.MaxStreams;
            if (surplus <= 0 || Count <= _evictAbove)
            {
                return;
            }

            var oldest = _streams.Values
                .Where(stream => stream != except)
                .Select(stream => (Stream: stream, Since: stream.IdleSince))
                .Where(idle => idle.Since is not null)
                .OrderBy(idle => idle.Since)
                .Take(surplus + step - 1);
            foreach (var (stream, since) in oldest.ToList())
            {
                Evict(stream, since!.Value);
            }

            // All watched: look again when there are some more, not at each.
            _evictAbove = Math.Max(_options.MaxStreams, Count + step - 1);
            LogFull(_options.MaxStreams, Count);
        }
    }

    private void Evict(MemoryLiveStream stream, DateTimeOffset idleBefore)
    {
        if (stream.TryRetire(idleBefore) && _streams.TryRemove(KeyValuePair.Create(stream.RequestId, stream)))
        {
            Interlocked.Decrement(ref _count);
            metrics.StreamEvicted();
        }
    }

    private void EndSubscription(MemorySubscription subscription)
    {
        subscription.Stream.Unsubscribe(subscription, time.GetUtcNow());
        metrics.SubscriptionsChanged(-1);
    }

    [LoggerMessage(LogLevel.Debug, "More than {MaxStreams} live streams: idle ones were evicted, {Count} are left")]
    private partial void LogFull(int maxStreams, int count);
}
