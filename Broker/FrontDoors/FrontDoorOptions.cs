using System.ComponentModel.DataAnnotations;

namespace ArtMqtt.Broker.FrontDoors;

/// <summary>Which HTTP addresses take positions, and what they allow.</summary>
public sealed class FrontDoorOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Broker:FrontDoors";

    /// <summary>Where OwnTracks apps in HTTP mode post. Default <c>/pub</c>; empty: closed.</summary>
    [RegularExpression(PathPattern, ErrorMessage = PathRule)]
    public string OwnTracksPath { get; set; } = "/pub";

    /// <summary>Where OsmAnd and Traccar Client send to. Default <c>/osmand</c>; empty: closed.</summary>
    [RegularExpression(PathPattern, ErrorMessage = PathRule)]
    public string OsmAndPath { get; set; } = "/osmand";

    /// <summary>Largest body in bytes. Default 64 KiB.</summary>
    [Range(1 << 10, 1 << 20)]
    public int MaxBodyBytes { get; set; } = 64 << 10;

    /// <summary>Wrong credentials of one address per minute; beyond, they are answered with 429. Default 60.</summary>
    [Range(1, 100_000)]
    public int FailedAttemptsPerMinute { get; set; } = 60;

    private const string PathPattern = "^(/[A-Za-z0-9._~-]+)*$";
    private const string PathRule = "It must be empty or a path like /pub.";
}
