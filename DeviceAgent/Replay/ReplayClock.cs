using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.DeviceAgent.Replay;

/// <summary>When a recorded fix is due, and which time it carries. Pure.</summary>
/// <param name="first">Fix time of the first fix of the recording.</param>
/// <param name="start">When the replay begins: the moment the first fix is moved to.</param>
/// <param name="speed">Intervals are divided by it.</param>
/// <param name="keepsTimes">Whether fixes keep the times they were recorded at.</param>
internal sealed class ReplayClock(DateTimeOffset first, DateTimeOffset start, ReplaySpeed speed, bool keepsTimes)
{
    /// <summary>
    /// When to publish. A step back in the recording is due at once; <see cref="ReplaySpeed.Max"/> never waits.
    /// </summary>
    public DateTimeOffset DueAt(in Position recorded) => speed.IsMax ? start : Moved(recorded.FixTime);

    /// <summary>The position to publish.</summary>
    public Position Rebase(in Position recorded)
    {
        if (keepsTimes)
        {
            return recorded;
        }

        // The wire has milliseconds.
        var time = Moved(recorded.FixTime);
        return recorded with { FixTime = DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds()) };
    }

    private DateTimeOffset Moved(DateTimeOffset fixTime) =>
        start + (speed.IsMax ? fixTime - first : (fixTime - first) / speed.Factor);
}
