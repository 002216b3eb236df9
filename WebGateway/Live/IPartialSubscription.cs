using ArtMqtt.Live;

namespace ArtMqtt.WebGateway.Live;

/// <summary>A subscription of somebody who may not see all of the stream.</summary>
internal interface IPartialSubscription : ILiveSubscription
{
    /// <summary>The subscription behind it, which sees all.</summary>
    ILiveSubscription Whole { get; }

    /// <summary>What the watcher may see of the events up to <see cref="ILiveSubscription.Cursor"/>, each as it was then.</summary>
    /// <param name="missed">All that were missed, oldest first.</param>
    IReadOnlyList<NumberedEvent> Show(IReadOnlyList<NumberedEvent> missed);
}
