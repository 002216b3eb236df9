using ArtMqtt.Live;

namespace ArtMqtt.WebGateway.Sharing;

/// <summary>
/// The live streams as the holder of a shared link may see them: the same streams, numbers and cursors, without what is
/// hidden. Only for watching.
/// </summary>
internal sealed class ShareStreams(ILiveStreams streams, OpenShare open) : ILiveStreams
{
    public ILiveSubscription Subscribe(Guid requestId, Cursor? since, ILiveListener listener)
    {
        var filter = new ShareListener(open, listener);
        var subscription = streams.Subscribe(requestId, since, filter);
        var status = subscription.Snapshot.Status?.Status;
        if (status is not null && !subscription.IsRecovered)
        {
            // Who comes back with a cursor has been counted.
            open.Opened();
        }

        filter.Start(requestId, subscription.Cursor, status);
        return new ShareSubscription(subscription, open.Share, filter);
    }

    public bool HasSnapshot(Guid requestId) => streams.HasSnapshot(requestId);

    public ValueTask<NumberedEvent?> PublishAsync(
        Guid requestId, Contracts.Live.LiveEvent liveEvent, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A shared link watches.");

    public IDisposable SubscribeAll(ILiveListener listener) => throw new NotSupportedException("A shared link watches one request.");

    public void Seed(Guid requestId, LiveSnapshot snapshot) => throw new NotSupportedException("A shared link watches.");
}

/// <summary>Who watches how.</summary>
internal static class SharedView
{
    /// <summary>The streams as somebody may see them who has a link, or (null) needs none.</summary>
    public static ILiveStreams As(this ILiveStreams streams, OpenShare? share) =>
        share is null ? streams : new ShareStreams(streams, share);
}
