using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Routes;
using ArtMqtt.WebGateway.Errors;
using Microsoft.AspNetCore.Mvc;

namespace ArtMqtt.WebGateway.Routes;

/// <summary>Which part of a route is wanted, as query parameters.</summary>
internal sealed class RouteQuery
{
    public const int MaxLimit = 100_000;
    public const string RowsFormat = "rows";
    private const int DefaultLimit = 10_000;

    /// <summary><c>operator</c> (default) or <c>customer</c>; for routes of requests.</summary>
    [FromQuery(Name = "role")]
    public string? RoleName { get; init; }

    /// <summary>Earliest fix time, ISO 8601 with offset; included.</summary>
    [FromQuery(Name = "from")]
    public DateTimeOffset? From { get; init; }

    /// <summary>Latest fix time, ISO 8601 with offset; included.</summary>
    [FromQuery(Name = "to")]
    public DateTimeOffset? To { get; init; }

    /// <summary>
    /// Most positions, before a tolerance leaves some out; the answer says when there are more. Default 10,000, at most
    /// 100,000.
    /// </summary>
    [FromQuery(Name = "limit")]
    public int? LimitOrNull { get; init; }

    /// <summary><c>line</c> (default), <c>points</c> or <c>rows</c>.</summary>
    [FromQuery(Name = "format")]
    public string? Format { get; init; }

    /// <summary>The 'cursor' of the answer before, for the part of the route that comes next.</summary>
    [FromQuery(Name = "after")]
    public string? After { get; init; }

    /// <summary>Metres that the line may be off: 0.1 to 10,000. Positions that it does not need are left out.</summary>
    [FromQuery(Name = "tolerance")]
    public double? Tolerance { get; init; }

    /// <summary>Only the first position in each span of so many seconds: 1 to 86,400.</summary>
    [FromQuery(Name = "bucketSeconds")]
    public int? BucketSeconds { get; init; }

    public RouteSelection Selection =>
        new(From ?? DateTimeOffset.MinValue, To ?? DateTimeOffset.MaxValue, Limit + 1)
        {
            After = After is not null && RouteCursor.TryParse(After, out var cursor) ? cursor : null,
            Bucket = BucketSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };

    public int Limit => LimitOrNull ?? DefaultLimit;

    public PositionRole Role => RoleName == "customer" ? PositionRole.Customer : PositionRole.Operator;

    public bool AsRows => Format == RowsFormat;

    public IRouteShape Shape(GeoJsonWriter json)
    {
        IRouteShape shape = Format switch
        {
            "points" => new PointsShape(json),
            RowsFormat => new RowsShape(json),
            _ => new LineShape(json),
        };
        return Tolerance is { } tolerance ? new SimplifiedShape(shape, tolerance) : shape;
    }

    public FieldErrors Validate() => new FieldErrors()
        .Require(RoleName is null or "operator" or "customer", "role", "'role' must be operator or customer.")
        .Require(Format is null or "line" or "points" or RowsFormat, "format", "'format' must be line, points or rows.")
        .Require(Limit is >= 1 and <= MaxLimit, "limit", $"'limit' must be 1 to {MaxLimit}.")
        .Require(After is null || RouteCursor.TryParse(After, out _), "after", "'after' must be the 'cursor' of an answer.")
        .Require(Tolerance is null or (>= 0.1 and <= 10_000), "tolerance", "'tolerance' must be 0.1 to 10000.")
        .Require(BucketSeconds is null or (>= 1 and <= 86_400), "bucketSeconds", "'bucketSeconds' must be 1 to 86400.")
        .Require(From is null || To is null || From <= To, "to", "'to' must not be before 'from'.");
}
