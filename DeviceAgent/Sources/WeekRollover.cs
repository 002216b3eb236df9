using ArtMqtt.Contracts.Positions;
using ArtMqtt.DeviceAgent.Clocks;

namespace ArtMqtt.DeviceAgent.Sources;

/// <summary>
/// Corrects receivers that count GPS weeks modulo 1,024 from too long ago: their date is 19.6 years behind, or twice
/// that. For live receivers only; a recording may well be old.
/// </summary>
/// <param name="time">Clock of this machine; need not be right.</param>
internal sealed class WeekRollover(TimeProvider time)
{
    // No receiver gives this program a fix that is older than the program.
    private static readonly DateTimeOffset _oldest = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan _period = TimeSpan.FromDays(1024 * 7);

    /// <summary>
    /// The position with its date moved by whole rollovers, when that is what is wrong with it: the clock of this machine
    /// agrees to a day, or was never set itself.
    /// </summary>
    public Position Correct(in Position position)
    {
        if (position.FixTime >= _oldest || BootClock.IsSinceBoot(position.FixTime))
        {
            return position;
        }

        var corrected = position.FixTime + (_period * Math.Ceiling((_oldest - position.FixTime) / _period));
        var now = time.GetUtcNow();
        return now < _oldest || (corrected - now).Duration() <= TimeSpan.FromDays(1)
            ? position with { FixTime = corrected }
            : position;
    }
}
