using ArtMqtt.Contracts;
using ArtMqtt.Store.Routes;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Explorer;
using ArtMqtt.WebGateway.Security;

namespace ArtMqtt.WebGateway.Routes;

/// <summary>Where all devices are, and which were where.</summary>
internal static class FleetPositionEndpoints
{
    private const int MaxLatest = 100_000;

    public static void MapFleetPositions(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/positions").WithTags("History").RequireAuthorization(Policies.Reader);
        group.MapGet("/latest", GetLatest)
            .WithSummary("Where every device is, as GeoJSON")
            .WithDescription(
                "One Point per device with its newest position, in the order of device ids; with west, south, east and "
                + "north those in that box. When 'truncated' is true, give 'cursor' back as 'after' for the rest.")
            .Produces(StatusCodes.Status200OK, contentType: RouteResult.ContentType)
            .ProducesErrors(400, 401, 403);
    }

    private static IResult GetLatest(
        [AsParameters] BoxQuery box, LatestReader latest, CancellationToken cancellationToken,
        string? after = null, int limit = 10_000)
    {
        var errors = box.AddTo(new FieldErrors(), isRequired: false)
            .Require(after is null || DeviceIds.IsValid(after), "after", "'after' must be the 'cursor' of an answer.")
            .Require(limit is >= 1 and <= MaxLatest, "limit", $"'limit' must be 1 to {MaxLatest}.");
        return errors.Any
            ? Problems.Invalid(errors.ByField)
            : new LatestResult(latest.ReadAsync(box.Box, after ?? "", limit + 1, cancellationToken), limit);
    }
}
