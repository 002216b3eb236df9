using System.ComponentModel.DataAnnotations;

namespace ArtMqtt.Node.Draining;

/// <summary>How a node that is one of several is stopped.</summary>
internal sealed class DrainOptions
{
    public const string Section = "Drain";

    /// <summary>
    /// How long the node says that it is not ready before it sends anybody away, so that balancers have seen it. Default 2 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan Notice { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Over how long its clients are sent away, so that the other nodes do not get all of them at once. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:30:00")]
    public TimeSpan Spread { get; init; } = TimeSpan.FromSeconds(10);
}
