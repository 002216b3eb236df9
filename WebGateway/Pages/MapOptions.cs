using System.ComponentModel.DataAnnotations;

namespace ArtMqtt.WebGateway.Pages;

/// <summary>The map of the pages; without any of it, the world map that comes with them.</summary>
public sealed class MapOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Map";

    /// <summary>A MapLibre style, absolute or on this site; its hosts must be in <see cref="Hosts"/> if they differ.</summary>
    public string? StyleUrl { get; init; }

    /// <summary>A <c>.pmtiles</c> archive or <c>{z}/{x}/{y}</c> template with the Protomaps schema.</summary>
    public string? TilesUrl { get; init; }

    /// <summary>A GeoJSON file with streets, drawn above the world map; served at <c>/map/streets.geojson</c>.</summary>
    public string? StreetsFile { get; init; }

    /// <summary>Who made the map's data; shown on the map.</summary>
    [MaxLength(1_000)]
    public string? Attribution { get; init; }

    /// <summary>Latitude of the first view. Default: decided by the page.</summary>
    [Range(-85, 85)]
    public double? Latitude { get; init; }

    /// <summary>Longitude of the first view.</summary>
    [Range(-180, 180)]
    public double? Longitude { get; init; }

    /// <summary>Zoom of the first view.</summary>
    [Range(0, 22)]
    public double? Zoom { get; init; }

    /// <summary>Other sites that a style refers to (glyphs, sprites, tiles), as <c>https://host</c>.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>The sites that pages may load maps from.</summary>
    internal IEnumerable<string> ExternalHosts() => new[] { StyleUrl, TilesUrl }
        .Concat(Hosts)
        .Select(url => Uri.TryCreate(url, UriKind.Absolute, out var uri) && IsWeb(uri)
            ? uri.GetLeftPart(UriPartial.Authority)
            : null)
        .OfType<string>()
        .Distinct();

    internal static bool HasValidUrls(MapOptions options) =>
        IsUrlOrPath(options.StyleUrl) && IsUrlOrPath(options.TilesUrl)
        && options.Hosts.All(host => Uri.TryCreate(host, UriKind.Absolute, out var uri) && IsWeb(uri));

    internal static bool HasStreets(MapOptions options) =>
        options.StreetsFile is not { Length: > 0 } file || File.Exists(file);

    private static bool IsUrlOrPath(string? url) =>
        url is not { Length: > 0 } || url.StartsWith('/') || (Uri.TryCreate(url, UriKind.Absolute, out var uri) && IsWeb(uri));

    // The host goes into a header: only what Uri itself would write.
    private static bool IsWeb(Uri uri) => uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0;
}
