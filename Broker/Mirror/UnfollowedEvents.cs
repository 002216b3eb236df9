using ArtMqtt.Live;

namespace ArtMqtt.Broker.Mirror;

/// <summary>What this node publishes in streams that it does not follow.</summary>
internal sealed class UnfollowedEvents(FollowedRequests followed, ILiveListener mirror) : ILiveListener
{
    /// <inheritdoc/>
    public void OnEvent(Guid requestId, NumberedEvent numbered)
    {
        if (!followed.Contains(requestId))
        {
            mirror.OnEvent(requestId, numbered);
        }
    }
}
