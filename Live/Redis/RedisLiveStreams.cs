using ArtMqtt.Contracts.Live;

namespace ArtMqtt.Live.Redis;

/// <summary>
/// The live streams of several nodes. Redis numbers the events and keeps the newest; a node hears only the streams that somebody
/// on it watches, and keeps a copy of those. While Redis is not there each node goes on alone (docs/adr/0024).
/// </summary>
internal sealed class RedisLiveStreams(
    RedisLink link, LiveCommands commands, FollowedStreams streams, LiveDelivery delivery, LiveMetrics metrics, TimeProvider time)
    : ILiveStreams
{
    // Who watches all is told when the answer is here, and answers to several at once would come in any order.
    private readonly StreamTurns _publishing = new();

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

        var turn = _publishing.Of(requestId);
        await turn.WaitAsync(cancellationToken);
        try
        {
            return await PublishInTurnAsync(requestId, liveEvent);
        }
        finally
        {
            turn.Release();
        }
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

    private async Task<NumberedEvent?> PublishInTurnAsync(Guid requestId, LiveEvent liveEvent)
    {
        if (streams.TryPublishAlone(requestId, liveEvent, out var alone))
        {
            return alone;
        }

        if (link.IsUsable)
        {
            try
            {
                var (numbered, refusal) = await commands.PublishAsync(requestId, liveEvent, isAgain: false);
                if (numbered is null)
                {
                    delivery.Refuse(refusal!);
                    return null;
                }

                streams.Take(requestId, numbered);
                delivery.Published(requestId, numbered);
                return numbered;
            }
            catch (Exception e) when (RedisLink.IsOutage(e))
            {
                // It may be numbered all the same: who tells it again says so.
                link.Failed(e);
            }
        }

        while (!streams.TryPublishAlone(requestId, liveEvent, out alone))
        {
            streams.GoAlone(requestId);
        }

        return alone;
    }

    private void EndSubscription(MemorySubscription subscription)
    {
        subscription.Stream.Unsubscribe(subscription, time.GetUtcNow());
        metrics.SubscriptionsChanged(-1);
    }
}
