using ArtMqtt.Store.Routes;
using ArtMqtt.WebGateway.Errors;
using Microsoft.AspNetCore.Mvc;

namespace ArtMqtt.WebGateway.Routes;

/// <summary>What counts as a stop and as a trip, as query parameters.</summary>
internal sealed class TripQuery
{
    private static readonly TripOptions _default = new();

    /// <summary>Metres around its middle that a stop does not leave: 10 to 10,000, default 200.</summary>
    [FromQuery(Name = "stopRadius")]
    public double? StopRadius { get; init; }

    /// <summary>Least seconds of a stop: 10 to 86,400, default 180.</summary>
    [FromQuery(Name = "minStopSeconds")]
    public int? MinStopSeconds { get; init; }

    /// <summary>Seconds without positions that cut a trip: 10 to 86,400, default 3,600.</summary>
    [FromQuery(Name = "maxGapSeconds")]
    public int? MaxGapSeconds { get; init; }

    /// <summary>Metres that make a movement a trip: 0 to 1,000,000, default 500.</summary>
    [FromQuery(Name = "minTripMeters")]
    public double? MinTripMeters { get; init; }

    /// <summary>Seconds that make a movement a trip as well: 0 to 86,400, default 300.</summary>
    [FromQuery(Name = "minTripSeconds")]
    public int? MinTripSeconds { get; init; }

    public TripOptions Options => new()
    {
        StopRadius = StopRadius ?? _default.StopRadius,
        MinStopDuration = Seconds(MinStopSeconds) ?? _default.MinStopDuration,
        MaxGap = Seconds(MaxGapSeconds) ?? _default.MaxGap,
        MinTripDistance = MinTripMeters ?? _default.MinTripDistance,
        MinTripDuration = Seconds(MinTripSeconds) ?? _default.MinTripDuration,
    };

    public FieldErrors AddTo(FieldErrors errors) => errors
        .Require(StopRadius is null or (>= 10 and <= 10_000), "stopRadius", "'stopRadius' must be 10 to 10000.")
        .Require(MinStopSeconds is null or (>= 10 and <= 86_400), "minStopSeconds", "'minStopSeconds' must be 10 to 86400.")
        .Require(MaxGapSeconds is null or (>= 10 and <= 86_400), "maxGapSeconds", "'maxGapSeconds' must be 10 to 86400.")
        .Require(MinTripMeters is null or (>= 0 and <= 1e6), "minTripMeters", "'minTripMeters' must be 0 to 1000000.")
        .Require(MinTripSeconds is null or (>= 0 and <= 86_400), "minTripSeconds", "'minTripSeconds' must be 0 to 86400.");

    private static TimeSpan? Seconds(int? value) => value is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
}
