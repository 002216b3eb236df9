namespace ArtMqtt.DeviceAgent.Publishing;

/// <summary>What a publisher did so far. Counters are added to by one thread and read by any.</summary>
internal sealed class PublisherCounts
{
    private long _kept;
    private long _sent;
    private long _acknowledged;
    private long _refused;
    private long _dropped;
    private long _expired;
    private long _retries;
    private long _connects;

    /// <summary>Positions taken into the spool.</summary>
    public long Kept => Interlocked.Read(ref _kept);

    /// <summary>Publishes sent, repeated ones included.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Positions the server has safe.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>Positions the server will never take; they were given up.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Positions that were given up because the spool was full.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Positions that became too old before they were sent, or whose time was never known.</summary>
    public long Expired => Interlocked.Read(ref _expired);

    /// <summary>How often sending had to start over.</summary>
    public long Retries => Interlocked.Read(ref _retries);

    /// <summary>Connections made.</summary>
    public long Connects => Interlocked.Read(ref _connects);

    internal void AddKept() => Interlocked.Increment(ref _kept);

    internal void AddSent() => Interlocked.Increment(ref _sent);

    internal void AddAcknowledged(int count) => Interlocked.Add(ref _acknowledged, count);

    internal void AddRefused(int count) => Interlocked.Add(ref _refused, count);

    internal void AddDropped(long count) => Interlocked.Add(ref _dropped, count);

    internal void AddGivenUp(PreparationVerdict? why)
    {
        if (why is null)
        {
            AddRefused(1);
        }
        else
        {
            Interlocked.Increment(ref _expired);
        }
    }

    internal void AddRetry() => Interlocked.Increment(ref _retries);

    internal void AddConnect() => Interlocked.Increment(ref _connects);
}
