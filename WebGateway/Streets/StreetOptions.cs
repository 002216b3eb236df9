using System.ComponentModel.DataAnnotations;

namespace ArtMqtt.WebGateway.Streets;

/// <summary>Streets of the map that are learned from the fleet's own drives, when there is no file of them.</summary>
public sealed class StreetOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Map:LearnedStreets";

    /// <summary>Whether they are.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>How many different devices must have passed a place, so that it tells of no single one.</summary>
    [Range(2, 100)]
    public int MinDevices { get; init; } = 3;

    /// <summary>How many trips are learned from, the newest first.</summary>
    [Range(1, 1_000_000)]
    public int MaxTrips { get; init; } = 5_000;

    /// <summary>How old they may be.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(28);

    /// <summary>How often it is learned anew.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromDays(1);
}
