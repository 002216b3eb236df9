using ArtMqtt.Contracts.Positions;
using ArtMqtt.WebGateway.Errors;
using Microsoft.AspNetCore.Mvc;

namespace ArtMqtt.WebGateway.Routes;

/// <summary>Which part of a route is wanted, as query parameters.</summary>
internal sealed class RouteQuery
{
    public const int MaxLimit = 100_000;
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

    /// <summary>Most positions; the answer says when there are more. Default 10,000, at most 100,000.</summary>
    [FromQuery(Name = "limit")]
    public int? LimitOrNull { get; init; }

    /// <summary><c>line</c> (default) or <c>points</c>.</summary>
    [FromQuery(Name = "format")]
    public string? Format { get; init; }

    public int Limit => LimitOrNull ?? DefaultLimit;

    public PositionRole Role => RoleName == "customer" ? PositionRole.Customer : PositionRole.Operator;

    public bool AsPoints => Format == "points";

    public FieldErrors Validate() => new FieldErrors()
        .Require(RoleName is null or "operator" or "customer", "role", "'role' must be operator or customer.")
        .Require(Format is null or "line" or "points", "format", "'format' must be line or points.")
        .Require(Limit is >= 1 and <= MaxLimit, "limit", $"'limit' must be 1 to {MaxLimit}.")
        .Require(From is null || To is null || From <= To, "to", "'to' must not be before 'from'.");
}
