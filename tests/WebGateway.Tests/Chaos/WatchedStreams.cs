using System.Collections.Concurrent;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Live;
using ArtMqtt.WebGateway.Live;

namespace ArtMqtt.WebGateway.Tests.Chaos;

/// <summary>The live streams, with a look at what waits in the watches on them.</summary>
internal sealed class WatchedStreams(ILiveStreams inner) : ILiveStreams
{
    private readonly ConcurrentDictionary<Watch, bool> _watches = [];

    public bool IsShared => inner.IsShared;

    /// <summary>Whether the next event would find an older one that is not on its way yet, and might replace it.</summary>
    public bool AnyWaits()
    {
        foreach (var ended in _watches.Keys.Where(watch => watch.IsEnded))
        {
            _watches.TryRemove(ended, out _);
        }

        return _watches.Keys.Any(watch => watch.HasPending);
    }

    public ValueTask<NumberedEvent?> PublishAsync(
        Guid requestId, LiveEvent liveEvent, CancellationToken cancellationToken) =>
        inner.PublishAsync(requestId, liveEvent, cancellationToken);

    public ValueTask<ILiveSubscription> SubscribeAsync(
        Guid requestId, Cursor? since, ILiveListener listener, CancellationToken cancellationToken)
    {
        if (listener is Watch watch)
        {
            _watches.TryAdd(watch, true);
        }

        return inner.SubscribeAsync(requestId, since, listener, cancellationToken);
    }

    public IDisposable SubscribeAll(ILiveListener listener) => inner.SubscribeAll(listener);

    public ValueTask<bool> HasSnapshotAsync(Guid requestId, CancellationToken cancellationToken) =>
        inner.HasSnapshotAsync(requestId, cancellationToken);

    public ValueTask SeedAsync(Guid requestId, LiveSnapshot snapshot, CancellationToken cancellationToken) =>
        inner.SeedAsync(requestId, snapshot, cancellationToken);
}
