namespace ArtMqtt.Live.Tests.Redis;

/// <summary>A clock that shows what it is set to; its timers run as those of the system.</summary>
internal sealed class StandingClock : TimeProvider
{
    /// <summary>What it shows.</summary>
    public DateTimeOffset Now { get; set; } = System.GetUtcNow();

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Now;
}
