namespace ArtMqtt.Ingest;

/// <summary>Whether positions reach the database at the moment, for health and metrics.</summary>
internal sealed class IngestState(TimeProvider time)
{
    private volatile string? _failure;
    private long _steps;
    private long _steppedAt = time.GetTimestamp();
    private long _storedThrough;

    /// <summary>Why nothing can be stored now, or null.</summary>
    public string? Failure => _failure;

    /// <summary>How often something was stored, or new records came.</summary>
    public long Steps => Volatile.Read(ref _steps);

    /// <summary>Time since then; whether the clock is set meanwhile does not matter.</summary>
    public TimeSpan SinceStep => time.GetElapsedTime(Volatile.Read(ref _steppedAt));

    /// <summary>What was received before this is stored; null while nothing was.</summary>
    public DateTimeOffset? StoredThrough =>
        Volatile.Read(ref _storedThrough) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Something was stored, or the first records came after there were none.</summary>
    public void Stepped()
    {
        Volatile.Write(ref _steppedAt, time.GetTimestamp());
        Interlocked.Increment(ref _steps);
    }

    /// <summary>A batch is stored whose newest position arrived at this time.</summary>
    public void Stored(DateTimeOffset receivedAt) => Volatile.Write(ref _storedThrough, receivedAt.UtcTicks);

    /// <summary>A write failed and is tried again.</summary>
    public void Failed(string reason) => _failure = reason;

    /// <summary>A whole batch is stored.</summary>
    public void Recovered() => _failure = null;
}
