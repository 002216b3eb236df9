namespace ArtMqtt.Ingest.Tests;

/// <summary>
/// The machine's clock, which a test sets; as on a machine, timers and measured durations go on undisturbed.
/// </summary>
internal sealed class SetClock : TimeProvider
{
    private long _ahead;

    /// <summary>How far it is ahead of the right time.</summary>
    public TimeSpan Ahead
    {
        get => TimeSpan.FromTicks(Volatile.Read(ref _ahead));
        set => Volatile.Write(ref _ahead, value.Ticks);
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;
}
