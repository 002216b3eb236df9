using ArtMqtt.WebGateway.Errors;
using Microsoft.AspNetCore.Mvc;

namespace ArtMqtt.WebGateway.Exports;

/// <summary>How it is exported, as query parameters.</summary>
internal sealed class ExportQuery
{
    private const int DefaultGapSeconds = 300;

    /// <summary>
    /// <c>geojson</c>, <c>gpx</c>, <c>csv</c>, <c>parquet</c>, <c>mfjson</c> or <c>kml</c>. Without it as 'Accept' says.
    /// </summary>
    [FromQuery(Name = "format")]
    public string? FormatName { get; init; }

    /// <summary>Lines of GPX, KML and MF-JSON are cut at longer gaps: 1 to 2,678,400 s, default 300.</summary>
    [FromQuery(Name = "maxGapSeconds")]
    public int? MaxGapSeconds { get; init; }

    public TimeSpan MaxGap => TimeSpan.FromSeconds(MaxGapSeconds ?? DefaultGapSeconds);

    public FieldErrors AddTo(FieldErrors errors) => errors
        .Require(
            FormatName is null || ExportFormats.Find(FormatName) is not null, "format",
            $"'format' must be one of {string.Join(", ", ExportFormats.All.Select(format => format.Name))}.")
        .Require(
            MaxGapSeconds is null or (>= 1 and <= 2_678_400), "maxGapSeconds", "'maxGapSeconds' must be 1 to 2678400.");
}
