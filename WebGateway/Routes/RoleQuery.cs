using ArtMqtt.Contracts.Positions;
using ArtMqtt.WebGateway.Errors;
using Microsoft.AspNetCore.Mvc;

namespace ArtMqtt.WebGateway.Routes;

/// <summary>Whose positions of a request are wanted, as a query parameter.</summary>
internal sealed class RoleQuery
{
    /// <summary><c>operator</c> (default) or <c>customer</c>.</summary>
    [FromQuery(Name = "role")]
    public string? Name { get; init; }

    public PositionRole Role => Name == "customer" ? PositionRole.Customer : PositionRole.Operator;

    public FieldErrors AddTo(FieldErrors errors) => errors.Require(
        Name is null or "operator" or "customer", "role", "'role' must be operator or customer.");
}
