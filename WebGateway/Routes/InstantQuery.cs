using ArtMqtt.WebGateway.Errors;
using Microsoft.AspNetCore.Mvc;

namespace ArtMqtt.WebGateway.Routes;

/// <summary>Which moment is wanted, as query parameters.</summary>
internal sealed class InstantQuery
{
    private const int DefaultGapSeconds = 300;

    /// <summary>The moment, ISO 8601 with offset.</summary>
    [FromQuery(Name = "at")]
    public DateTimeOffset? AtOrNull { get; init; }

    /// <summary>Longest time between the positions around it: 1 to 86,400 s, default 300.</summary>
    [FromQuery(Name = "maxGapSeconds")]
    public int? MaxGapSeconds { get; init; }

    public DateTimeOffset At => AtOrNull ?? default;

    public TimeSpan MaxGap => TimeSpan.FromSeconds(MaxGapSeconds ?? DefaultGapSeconds);

    public FieldErrors Validate() => new FieldErrors()
        .Require(AtOrNull is not null, "at", "'at' is missing.")
        .Require(MaxGapSeconds is null or (>= 1 and <= 86_400), "maxGapSeconds", "'maxGapSeconds' must be 1 to 86400.");
}
