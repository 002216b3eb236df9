using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ArtMqtt.WebGateway.Exports;

/// <summary>The formats there are, and which one is wanted.</summary>
internal static class ExportFormats
{
    /// <summary>All of them; the first is the default.</summary>
    public static IReadOnlyList<ExportFormat> All { get; } =
    [
        new("geojson", ".geojson", "application/geo+json", (output, _, _) => new GeoJsonExport(new(output))),
        new("gpx", ".gpx", "application/gpx+xml", (output, title, gap) => new GpxExport(new(output), title, gap)),
        new("csv", ".csv", "text/csv", (output, _, _) => new CsvExport(output))
        {
            Parameters = "; charset=utf-8; header=present",
        },
        new("parquet", ".parquet", "application/vnd.apache.parquet", (output, _, _) => new ParquetExport(new(output))),
        // The standard gives it no media type of its own: who accepts JSON gets GeoJSON, this is for who asks for it.
        new("mfjson", ".mf.json", "application/json", (output, _, gap) => new MovingFeaturesExport(output, new(output), gap)),
        new(
            "kml", ".kml", "application/vnd.google-earth.kml+xml",
            (output, title, gap) => new KmlExport(new(output), title, gap)),
    ];

    public static ExportFormat? Find(string name) => All.FirstOrDefault(format => format.Name == name);

    /// <summary>
    /// What an <c>Accept</c> header likes best; the default when it is not there, null when it takes nothing we have.
    /// </summary>
    public static ExportFormat? Accepted(StringValues accept)
    {
        if (StringValues.IsNullOrEmpty(accept))
        {
            return All[0];
        }

        return MediaTypeHeaderValue.TryParseList(accept, out var accepted)
            ? accepted
                .Where(range => range.Quality is not 0)
                .OrderByDescending(range => range.Quality ?? 1)
                .Select(range => All.FirstOrDefault(format => range.MatchesMediaType(format.MediaType)))
                .FirstOrDefault(format => format is not null)
            : null;
    }
}
