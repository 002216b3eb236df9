using ArtMqtt.WebGateway.Errors;
using Microsoft.AspNetCore.Mvc;

namespace ArtMqtt.WebGateway.Routes;

/// <summary>Over which gaps a route goes on, as a query parameter.</summary>
internal sealed class GapQuery
{
    /// <summary>Steps that took longer do not count: 1 to 2,678,400 s (31 days). Without it every step counts.</summary>
    [FromQuery(Name = "maxGapSeconds")]
    public int? MaxGapSeconds { get; init; }

    public TimeSpan? MaxGap => MaxGapSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    public FieldErrors AddTo(FieldErrors errors) => errors.Require(
        MaxGapSeconds is null or (>= 1 and <= 2_678_400), "maxGapSeconds", "'maxGapSeconds' must be 1 to 2678400.");
}
