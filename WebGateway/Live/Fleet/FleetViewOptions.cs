using System.ComponentModel.DataAnnotations;

namespace ArtMqtt.WebGateway.Live.Fleet;

/// <summary>How the whole fleet is shown live.</summary>
internal sealed class FleetViewOptions
{
    public const string Section = "Gateway:Fleet";

    /// <summary>Time between two frames to one viewer. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan FrameInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How often the database is asked where the vehicles are that report to other nodes, while somebody looks. Default 2 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:10:00")]
    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Most connections of this node that look at the fleet at a time. Default 500.</summary>
    [Range(1, 100_000)]
    public int MaxViewers { get; init; } = 500;

    /// <summary>Most vehicles in one frame; what is left follows in the next. Default 20,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxVehiclesPerFrame { get; init; } = 20_000;
}
