namespace ArtMqtt.Live;

/// <summary>One watcher of one stream.</summary>
internal sealed class MemorySubscription(
    MemoryLiveStream stream, ILiveListener listener, Action<MemorySubscription> ended) : ILiveSubscription
{
    private int _isDisposed;

    public MemoryLiveStream Stream => stream;

    public ILiveListener Listener => listener;

    public required Cursor Cursor { get; init; }

    public required LiveSnapshot Snapshot { get; init; }

    public required IReadOnlyList<NumberedEvent> Missed { get; init; }

    public required bool IsRecovered { get; init; }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            ended(this);
        }
    }
}
