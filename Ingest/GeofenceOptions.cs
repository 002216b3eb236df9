using System.ComponentModel.DataAnnotations;
using ArtMqtt.Store.Geofences;

namespace ArtMqtt.Ingest;

/// <summary>How it is found out that a device crossed the edge of a geofence.</summary>
public sealed class GeofenceOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Ingest:Geofences";

    /// <summary>How often stored positions are looked at. Default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Positions in a row that have to agree. Default 2.</summary>
    [Range(1, 100)]
    public int Confirmations { get; set; } = 2;

    /// <summary>
    /// Metres beyond the edge that a position must be to count as outside; its accuracy when that is more. Default 20.
    /// </summary>
    [Range(0, 10_000)]
    public double Margin { get; set; } = 20;

    /// <summary>Positions that are less exact, in metres, say nothing. Default 200.</summary>
    [Range(1, 100_000)]
    public double MaxAccuracy { get; set; } = 200;

    /// <summary>The same for the store.</summary>
    public GeofenceRules ToRules() => new(Confirmations, Margin, MaxAccuracy);
}
