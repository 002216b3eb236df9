using ArtMqtt.Contracts.Live;

namespace ArtMqtt.Live.Redis;

/// <summary>
/// The live streams of several nodes. Redis numbers the events and keeps the newest; a node hears only the streams that somebody
/// on it watches, and keeps a copy of those. While Redis is not there each node goes on alone (docs/adr/0024).
/// </summary>
internal sealed class RedisLiveStreams(
    RedisLink link, LiveCommands commands, FollowedStreams streams, EventPublisher publisher, LiveDelivery delivery, LiveMetrics metrics,
    TimeProvider time)
    : ILiveStreams
{
    /// <inheritdoc/>
    public bool IsShared => true;

    /// <inheritdoc/>
    public async ValueTask<NumberedEvent?> PublishAsync(Guid requestId, LiveEvent liveEvent, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (streams.TryPublishAlone(requestId, liveEvent, out var alone))
        {
            return alone;
        }

        return await publisher.PublishAsync(requestId, liveEvent, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<ILiveSubscription> SubscribeAsync(
        Guid requestId, Cursor? since, ILiveListener listener, CancellationToken cancellationToken)
    {
        while (true)
        {
            var followed = await streams.FollowAsync(requestId, cancellationToken);
            if (followed.Stream.TrySubscribe(since, listener, EndSubscription) is { } subscription)
            {
                metrics.SubscriptionsChanged(+1);
                if (since is not null)
                {
                    metrics.Resumed(subscription.IsRecovered);
                }

                return subscription;
            }
        }
    }

    /// <inheritdoc/>
    public IDisposable SubscribeAll(ILiveListener listener) => new EverywhereSubscription(delivery, metrics, listener);

    /// <inheritdoc/>
    public async ValueTask<bool> HasSnapshotAsync(Guid requestId, CancellationToken cancellationToken) =>
        (await streams.FollowAsync(requestId, cancellationToken)).Stream.HasStatus;

    /// <inheritdoc/>
    public async ValueTask SeedAsync(Guid requestId, LiveSnapshot snapshot, CancellationToken cancellationToken)
    {
        FollowedStream followed;
        do
        {
            followed = await streams.FollowAsync(requestId, cancellationToken);
            if (followed.Mode == StreamMode.Following && link.IsUsable)
            {
                try
                {
                    await commands.SeedAsync(requestId, snapshot);
                    await streams.LoadAsync(followed, cancellationToken);
                    return;
                }
                catch (Exception e) when (RedisLink.IsOutage(e))
                {
                    link.Failed(e);
                }
            }
        }
        while (!followed.Stream.TrySeed(snapshot));
    }

    private void EndSubscription(MemorySubscription subscription)
    {
        subscription.Stream.Unsubscribe(subscription, time.GetUtcNow());
        metrics.SubscriptionsChanged(-1);
    }
}
