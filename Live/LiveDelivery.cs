using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.Live;

/// <summary>Hands events to listeners: those of the stream, and those of all streams.</summary>
internal sealed partial class LiveDelivery(LiveMetrics metrics, ILogger logger)
{
    private ImmutableArray<ILiveListener> _everywhere = [];

    public void Add(ILiveListener listener) =>
        ImmutableInterlocked.Update(ref _everywhere, static (all, added) => all.Add(added), listener);

    public void Remove(ILiveListener listener) =>
        ImmutableInterlocked.Update(ref _everywhere, static (all, removed) => all.Remove(removed), listener);

    public void Refuse(string reason) => metrics.Refused(reason);

    /// <summary>An event that this node has numbered, or had numbered.</summary>
    public void Published(Guid requestId, NumberedEvent numbered)
    {
        metrics.Published(numbered.Event.Name);
        foreach (var listener in _everywhere)
        {
            Call(listener, requestId, numbered);
        }
    }

    /// <summary>An event for those who watch its stream.</summary>
    public void Deliver(Guid requestId, NumberedEvent numbered, ImmutableArray<MemorySubscription> subscriptions)
    {
        foreach (var subscription in subscriptions)
        {
            Call(subscription.Listener, requestId, numbered);
        }
    }

    /// <summary>The end of subscriptions that their stream cannot go on with.</summary>
    public void Reset(Guid requestId, ImmutableArray<MemorySubscription> subscriptions)
    {
        foreach (var subscription in subscriptions)
        {
            metrics.Reset();
            try
            {
                subscription.Listener.OnReset(requestId);
            }
            catch (Exception e)
            {
                metrics.ListenerFailed();
                LogListenerFailed(e, subscription.Listener.GetType().Name, "reset");
            }
        }
    }

    // A listener is another part's code: its fault must not cost the publisher, nor the listeners after it.
    private void Call(ILiveListener listener, Guid requestId, NumberedEvent numbered)
    {
        try
        {
            listener.OnEvent(requestId, numbered);
        }
        catch (Exception e)
        {
            metrics.ListenerFailed();
            LogListenerFailed(e, listener.GetType().Name, numbered.Event.Name);
        }
    }

    [LoggerMessage(LogLevel.Error, "Live listener {Listener} failed on {Event}")]
    private partial void LogListenerFailed(Exception exception, string listener, string @event);
}
