using System.ComponentModel.DataAnnotations;

namespace ArtMqtt.Ingest;

/// <summary>How the sums of each device and hour are kept up.</summary>
public sealed class RollupOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Ingest:Rollups";

    /// <summary>How often it is looked for hours that are over, late positions and trips. Default 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long after its end an hour is summed up: what was on its way at its end, and the difference between the
    /// clocks of nodes and database. What comes later still is added. Default 5 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "01:00:00")]
    public TimeSpan Grace { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Most hours of devices in one transaction. Default 500.</summary>
    [Range(1, 10_000)]
    public int BatchSize { get; set; } = 500;
}
