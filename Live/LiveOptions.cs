using System.ComponentModel.DataAnnotations;

namespace ArtMqtt.Live;

/// <summary>How much the live streams keep.</summary>
public sealed class LiveOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Live";

    /// <summary>Events kept per stream for watchers that come back. Default 256.</summary>
    [Range(1, 65_536)]
    public int RingSize { get; init; } = 256;

    /// <summary>How long a stream without watchers and without events is kept. Default 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan IdleAfter { get; init; } = TimeSpan.FromHours(1);

    /// <summary>File that carries the streams over a restart; empty: none does. Default empty; the node sets it.</summary>
    public string PositionsFile { get; init; } = "";

    /// <summary>
    /// Number of streams above which those without watchers are evicted, longest unused first. Watched streams are
    /// never evicted; the limits on connections and watches bound them. Default 20,000.
    /// </summary>
    [Range(1, 10_000_000)]
    public int MaxStreams { get; init; } = 20_000;
}
