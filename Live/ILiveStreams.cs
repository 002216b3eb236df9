using ArtMqtt.Contracts.Live;

namespace ArtMqtt.Live;

/// <summary>One numbered stream of events per request, for those who watch it now.</summary>
public interface ILiveStreams
{
    /// <summary>Whether other nodes publish into the same streams.</summary>
    bool IsShared { get; }

    /// <summary>
    /// Numbers an event, keeps it in the stream's ring and hands it to all who watch. A location that is not newer
    /// than the one shown is refused: a late position never moves a marker backwards. So is any location after a
    /// final status, and an ETA in any status but en route.
    /// </summary>
    /// <returns>The numbered event, or null when it was refused.</returns>
    ValueTask<NumberedEvent?> PublishAsync(Guid requestId, LiveEvent liveEvent, CancellationToken cancellationToken);

    /// <summary>
    /// Starts watching. The snapshot, the missed events and the subscription are one moment: the first event the
    /// listener gets is the one after <see cref="ILiveSubscription.Cursor"/>.
    /// </summary>
    /// <param name="requestId">The request; its stream is created when it does not exist.</param>
    /// <param name="since">Where the watcher stood before it lost touch, or null.</param>
    /// <param name="listener">Called for each later event, in order, on the publisher's thread: it must not block.</param>
    /// <param name="cancellationToken">The watcher is gone.</param>
    ValueTask<ILiveSubscription> SubscribeAsync(
        Guid requestId, Cursor? since, ILiveListener listener, CancellationToken cancellationToken);

    /// <summary>
    /// Watches what this node publishes in any stream, for mirrors and those who work on positions: of several nodes, each
    /// event is told on one.
    /// </summary>
    IDisposable SubscribeAll(ILiveListener listener);

    /// <summary>Whether the stream knows its status; when not (after a restart), seed it before subscribing.</summary>
    ValueTask<bool> HasSnapshotAsync(Guid requestId, CancellationToken cancellationToken);

    /// <summary>
    /// Gives a stream without a status its first snapshot; places that it knows already and that are newer stay.
    /// Without effect when it has a status by now.
    /// </summary>
    ValueTask SeedAsync(Guid requestId, LiveSnapshot snapshot, CancellationToken cancellationToken);
}

/// <summary>Receives the events of a stream.</summary>
public interface ILiveListener
{
    /// <summary>Takes one event. Must return at once: queue or replace, never wait.</summary>
    void OnEvent(Guid requestId, NumberedEvent numbered);

    /// <summary>
    /// The stream cannot go on from what was told last: nothing more comes on this subscription, and whoever watches
    /// subscribes again with their cursor. Must return at once. Never called on who watches all.
    /// </summary>
    void OnReset(Guid requestId)
    {
    }
}

/// <summary>A running subscription; dispose to stop.</summary>
public interface ILiveSubscription : IDisposable
{
    /// <summary>Where the stream stood when the subscription began.</summary>
    Cursor Cursor { get; }

    /// <summary>The newest of everything at that moment.</summary>
    LiveSnapshot Snapshot { get; }

    /// <summary>
    /// Events after the watcher's old cursor, oldest first, up to <see cref="Cursor"/>: as far back as the stream
    /// remembers. Empty when there was no cursor, or one of another epoch.
    /// </summary>
    IReadOnlyList<NumberedEvent> Missed { get; }

    /// <summary>Whether <see cref="Missed"/> closes the gap completely.</summary>
    bool IsRecovered { get; }
}
