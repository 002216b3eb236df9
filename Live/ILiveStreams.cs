using ArtMqtt.Contracts.Live;

namespace ArtMqtt.Live;

/// <summary>One numbered stream of events per request, for those who watch it now.</summary>
public interface ILiveStreams
{
    /// <summary>
    /// Numbers an event, keeps it in the stream's ring and hands it to all who watch. A location that is not newer
    /// than the one shown is refused: a late position never moves a marker backwards. So is any location after a
    /// final status.
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
    ILiveSubscription Subscribe(Guid requestId, Cursor? since, ILiveListener listener);

    /// <summary>Watches every stream, for mirrors.</summary>
    IDisposable SubscribeAll(ILiveListener listener);

    /// <summary>Whether the stream knows its status; when not (after a restart), seed it before subscribing.</summary>
    bool HasSnapshot(Guid requestId);

    /// <summary>
    /// Gives a stream without a status its first snapshot; places that it knows already and that are newer stay.
    /// Without effect when it has a status by now.
    /// </summary>
    void Seed(Guid requestId, LiveSnapshot snapshot);
}

/// <summary>Receives the events of a stream.</summary>
public interface ILiveListener
{
    /// <summary>Takes one event. Must return at once: queue or replace, never wait.</summary>
    void OnEvent(Guid requestId, NumberedEvent numbered);
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
