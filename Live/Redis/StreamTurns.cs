namespace ArtMqtt.Live.Redis;

/// <summary>Lets one at a time do something with a stream. Streams share a fixed number of turns, so none has to be made or ended.</summary>
internal sealed class StreamTurns
{
    private const int Count = 1_024;

    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, Count).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>The turn of a stream.</summary>
    public SemaphoreSlim Of(Guid requestId) => _turns[(uint)requestId.GetHashCode() % Count];
}
