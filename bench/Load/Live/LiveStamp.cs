using System.Diagnostics;

namespace ArtMqtt.Load.Live;

/// <summary>
/// When a position was sent, as its latitude: microseconds of the generator's own clock, 0 to 80 degrees, so 80 s. Every
/// server passes a latitude on, so a watcher knows the age of what it gets without a table.
/// </summary>
internal static class LiveStamp
{
    private const long Wrap = 80_000_000;

    /// <summary>Now, in µs.</summary>
    public static long Now() => (long)(Stopwatch.GetTimestamp() * (1e6 / Stopwatch.Frequency)) % Wrap;

    /// <summary>The latitude that says so.</summary>
    public static double LatitudeOf(long stamp) => stamp / 1e6;

    /// <summary>µs since the position with this latitude was sent.</summary>
    public static long AgeOf(double latitude, long now) => (now - (long)Math.Round(latitude * 1e6) + Wrap) % Wrap;
}
