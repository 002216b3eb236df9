using ArtMqtt.Live;
using ArtMqtt.Store.Sharing;

namespace ArtMqtt.WebGateway.Sharing;

/// <summary>A subscription as the holder of a shared link may see it.</summary>
/// <param name="whole">The subscription with everything, for those who look up what was missed.</param>
/// <param name="share">The share.</param>
/// <param name="listener">What filters its events.</param>
internal sealed class ShareSubscription(
    ILiveSubscription whole, ShareRecord share, ShareListener listener) : ILiveSubscription
{
    public ILiveSubscription Whole => whole;

    public Cursor Cursor => whole.Cursor;

    public LiveSnapshot Snapshot { get; } = ShareSight.Of(share, whole.Snapshot);

    public IReadOnlyList<NumberedEvent> Missed => Filter(whole.Missed);

    public bool IsRecovered => whole.IsRecovered;

    /// <summary>What the holder may see of events that were missed, up to the cursor.</summary>
    public IReadOnlyList<NumberedEvent> Filter(IReadOnlyList<NumberedEvent> missed) =>
        ShareSight.Of(share, missed, whole.Snapshot.Status?.Status);

    public void Dispose()
    {
        whole.Dispose();
        listener.Dispose();
    }
}
