using ArtMqtt.Live;
using ArtMqtt.WebGateway.Live;

namespace ArtMqtt.WebGateway.Sharing;

/// <summary>
/// The live streams as the holder of a shared link may see them: the same streams, numbers and cursors, without what is
/// hidden. Only for watching.
/// </summary>
internal sealed class ShareStreams(ILiveStreams streams, OpenShare open) : ILiveStreams
{
    public bool IsShared => streams.IsShared;

    public async ValueTask<ILiveSubscription> SubscribeAsync(
        Guid requestId, Cursor? since, ILiveListener listener, CancellationToken cancellationToken)
    {
        var filter = new ShareListener(open, listener);
        var subscription = await streams.SubscribeAsync(requestId, since, filter, cancellationToken);
        var status = subscription.Snapshot.Status?.Status;
        if (status is not null && !subscription.IsRecovered)
        {
            // Who comes back with a cursor has been counted.
            open.Opened();
        }

        filter.Start(requestId, subscription.Cursor, status);
        return new ShareSubscription(open.Share, subscription, filter);
    }

    public ValueTask<bool> HasSnapshotAsync(Guid requestId, CancellationToken cancellationToken) =>
        streams.HasSnapshotAsync(requestId, cancellationToken);

    public ValueTask<NumberedEvent?> PublishAsync(
        Guid requestId, Contracts.Live.LiveEvent liveEvent, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A shared link watches.");

    public IDisposable SubscribeAll(ILiveListener listener) => throw new NotSupportedException("A shared link watches one request.");

    public ValueTask SeedAsync(Guid requestId, LiveSnapshot snapshot, CancellationToken cancellationToken) => throw new NotSupportedException("A shared link watches.");

    private sealed class ShareSubscription(
        Store.Sharing.ShareRecord share, ILiveSubscription inner, ShareListener filter) : IPartialSubscription
    {
        public Cursor Cursor => inner.Cursor;

        public LiveSnapshot Snapshot { get; } = ShareSight.Of(share, inner.Snapshot);

        public ILiveSubscription Whole => inner;

        public IReadOnlyList<NumberedEvent> Missed => Show(inner.Missed);

        public bool IsRecovered => inner.IsRecovered;

        public IReadOnlyList<NumberedEvent> Show(IReadOnlyList<NumberedEvent> missed) =>
            ShareSight.Of(share, missed, inner.Snapshot.Status?.Status);

        public void Dispose()
        {
            inner.Dispose();
            filter.Dispose();
        }
    }
}

/// <summary>Who watches how.</summary>
internal static class SharedView
{
    /// <summary>The streams as somebody may see them who has a link, or (null) needs none.</summary>
    public static ILiveStreams As(this ILiveStreams streams, OpenShare? share) =>
        share is null ? streams : new ShareStreams(streams, share);
}
