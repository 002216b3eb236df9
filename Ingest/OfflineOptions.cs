using System.ComponentModel.DataAnnotations;

namespace ArtMqtt.Ingest;

/// <summary>When a device counts as offline for webhooks.</summary>
public sealed class OfflineOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Ingest:Offline";

    /// <summary>How long no newer position of a device may arrive. Default 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan After { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How often it is looked for devices that fell silent or are back. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(10);
}
