using System.Security.Claims;
using ArtMqtt.Contracts;
using ArtMqtt.Store.Routes;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Explorer;
using ArtMqtt.WebGateway.Limits;
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
        group.MapGet("/heat", GetHeat)
            .WithSummary("How many positions there are by cell, as GeoJSON")
            .WithDescription(
                "A Point in the middle of each cell that has positions, with x, y, positions and devices; those with most "
                + "positions first. 'truncated' says that the limit left some out.")
            .WithMetadata(new LimitedCalls(CallClass.Export))
            .Produces(StatusCodes.Status200OK, contentType: RouteResult.ContentType)
            .ProducesErrors(400, 401, 403);
        group.MapGet("/search", SearchBox)
            .WithSummary("Devices that were in a box in a period")
            .WithDescription(
                "With first and last time and the number of positions inside, in the order of device ids; west greater "
                + "than east goes over the date line.")
            .Produces<PresencePage>().ProducesErrors(400, 401, 403);
        group.MapPost("/search", SearchArea)
            .WithSummary("Devices that were in an area in a period")
            .WithDescription("The body is a GeoJSON Polygon or MultiPolygon of at most 1,000 places; edges belong to it.")
            .WithBodyExample("""
                {"type":"Polygon","coordinates":[[[11.5,48.1],[11.6,48.1],[11.55,48.2],[11.5,48.1]]]}
                """)
            .WithMetadata(new LimitedCalls(CallClass.Read))
            .Produces<PresencePage>().ProducesErrors(400, 401, 403, 413, 415);
    }

    private static IResult GetLatest(
        [AsParameters] BoxQuery box, ClaimsPrincipal user, LatestReader latest, CancellationToken cancellationToken,
        string? after = null, int limit = 10_000)
    {
        var errors = box.AddTo(new FieldErrors(), isRequired: false)
            .Require(after is null || DeviceIds.IsValid(after), "after", "'after' must be the 'cursor' of an answer.")
            .Require(limit is >= 1 and <= MaxLatest, "limit", $"'limit' must be 1 to {MaxLatest}.");
        return errors.Any
            ? Problems.Invalid(errors.ByField)
            : new LatestResult(latest.ReadAsync(user.Scope(), box.Box, after ?? "", limit + 1, cancellationToken), limit);
    }

    private static IResult GetHeat(
        [AsParameters] BoxQuery box, [AsParameters] PeriodQuery period, [AsParameters] HeatQuery query, ClaimsPrincipal user,
        HeatReader heat, CancellationToken cancellationToken)
    {
        var errors = query.AddTo(box.AddTo(period.Validate(mayBeOpen: false), isRequired: false));
        return errors.Any
            ? Problems.Invalid(errors.ByField)
            : new HeatResult(
                heat.ReadAsync(
                    user.Scope(), query.DeviceIds, box.Box, period.From, period.To, query.Zoom, query.Limit + 1, cancellationToken),
                query);
    }

    private static async Task<IResult> SearchBox(
        [AsParameters] BoxQuery box, [AsParameters] PeriodQuery period, [AsParameters] SearchQuery query,
        ClaimsPrincipal user, PresenceReader presences, CancellationToken cancellationToken)
    {
        var errors = query.AddTo(box.AddTo(period.Validate(mayBeOpen: false), isRequired: true));
        return errors.Any
            ? Problems.Invalid(errors.ByField)
            : TypedResults.Ok(PresencePage.Of(
                await presences.FindInBoxAsync(
                    user.Scope(), box.Box, period.From, period.To, query.After, query.Limit + 1, cancellationToken),
                query.Limit));
    }

    private static async Task<IResult> SearchArea(
        AreaBody body, [AsParameters] PeriodQuery period, [AsParameters] SearchQuery query, ClaimsPrincipal user,
        PresenceReader presences, CancellationToken cancellationToken)
    {
        var area = body.Read(out var places);
        if (places > AreaBody.MaxPlaces)
        {
            return Problems.AreaTooLarge(AreaBody.MaxPlaces);
        }

        var errors = query.AddTo(period.Validate(mayBeOpen: false))
            .Require(body.Type is "Polygon" or "MultiPolygon", "type", "'type' must be Polygon or MultiPolygon.")
            .Require(
                area is not null, "coordinates",
                "'coordinates' must be closed rings of [longitude, latitude] whose edges do not cross.");
        return errors.Any
            ? Problems.Invalid(errors.ByField)
            : TypedResults.Ok(PresencePage.Of(
                await presences.FindInAreaAsync(
                    user.Scope(), area!, period.From, period.To, query.After, query.Limit + 1, cancellationToken),
                query.Limit));
    }
}
