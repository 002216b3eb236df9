namespace ArtMqtt.Live;

/// <summary>One that watches all that this node publishes; dispose to stop.</summary>
internal sealed class EverywhereSubscription : IDisposable
{
    private readonly LiveDelivery _delivery;
    private readonly LiveMetrics _metrics;
    private readonly ILiveListener _listener;
    private int _isDisposed;

    public EverywhereSubscription(LiveDelivery delivery, LiveMetrics metrics, ILiveListener listener)
    {
        (_delivery, _metrics, _listener) = (delivery, metrics, listener);
        delivery.Add(listener);
        metrics.SubscriptionsChanged(+1);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _delivery.Remove(_listener);
            _metrics.SubscriptionsChanged(-1);
        }
    }
}
