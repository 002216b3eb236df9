using System.Security.Claims;
using ArtMqtt.Contracts;
using ArtMqtt.Store.Geofences;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Explorer;
using ArtMqtt.WebGateway.Requests;
using ArtMqtt.WebGateway.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtMqtt.WebGateway.Geofences;

/// <summary>Areas whose crossing is told: added, listed, changed, removed.</summary>
internal static class GeofenceEndpoints
{
    private const int MaxNameLength = 200;
    private const int MaxDevices = 1_000;
    private const int MaxGeofences = 1_000;
    private const int MaxPageSize = 1_000;

    public static void MapGeofences(this IEndpointRouteBuilder app)
    {
        var read = app.MapGroup("/api/geofences").WithTags("Geofences").RequireAuthorization(Policies.Reader);
        read.MapGet("/", List).WithSummary("List geofences by id").ProducesErrors(400, 401, 403);
        read.MapGet("/{id:guid}", Get).WithSummary("One geofence").WithDescription("The ETag is the version.")
            .ProducesErrors(401, 403, 404);

        var change = app.MapGroup("/api/geofences").WithTags("Geofences").RequireAuthorization(Policies.Dispatcher);
        change.MapPost("/", Create)
            .WithSummary("Add a geofence")
            .WithDescription(
                "Webhooks are told of devices that enter and leave it; a device that is inside at its next positions has entered. "
                + "At most 1,000.")
            .WithBodyExample("""
                {"name":"Yard","shape":{"type":"Point","coordinates":[11.57549,48.13743],"radius":150},"devicePrefix":"truck-"}
                """)
            .ProducesErrors(400, 401, 403, 409, 413, 415);
        change.MapPut("/{id:guid}", Change)
            .WithSummary("Change a geofence")
            .WithDescription("Replaces all of it. With If-Match the change is made only while it has that ETag, else 412.")
            .WithBodyExample("""
                {"name":"Yard","shape":{"type":"Polygon","coordinates":[[[11.57,48.13],[11.58,48.13],[11.58,48.14],[11.57,48.13]]]}}
                """)
            .ProducesErrors(400, 401, 403, 404, 412, 413, 415);
        change.MapDelete("/{id:guid}", Remove)
            .WithSummary("Remove a geofence").WithDescription("Devices that are inside do not leave it.")
            .ProducesErrors(401, 403, 404);
    }

    private static async Task<Results<Created<GeofenceView>, ProblemHttpResult>> Create(
        GeofenceBody body, HttpContext http, ClaimsPrincipal user, GeofenceRepository geofences,
        CancellationToken cancellationToken)
    {
        if (Validate(body) is { Any: true } errors)
        {
            return Problems.Invalid(errors.ByField);
        }

        if (await geofences.CreateAsync(
            user.Tenant() ?? "", SettingsOf(body), MaxGeofences, cancellationToken) is not { } created)
        {
            return Problems.Create(
                StatusCodes.Status409Conflict, ErrorCodes.TooManyGeofences,
                $"There are {MaxGeofences} geofences; remove one first.");
        }

        http.Response.SetVersion(created.Version);
        return TypedResults.Created($"/api/geofences/{created.GeofenceId:D}", GeofenceView.Of(created));
    }

    private static async Task<Results<Ok<GeofencePage>, ProblemHttpResult>> List(
        ClaimsPrincipal user, GeofenceRepository geofences, CancellationToken cancellationToken, Guid? after = null,
        int limit = 100)
    {
        var errors = new FieldErrors().Require(
            limit is >= 1 and <= MaxPageSize, "limit", $"'limit' must be 1 to {MaxPageSize}.");
        if (errors.Any)
        {
            return Problems.Invalid(errors.ByField);
        }

        var page = await geofences.ListAsync(after ?? Guid.Empty, user.Tenant(), limit, cancellationToken);
        return TypedResults.Ok(new GeofencePage(
            [.. page.Select(GeofenceView.Of)], page.Count == limit ? page[^1].GeofenceId : null));
    }

    private static async Task<Results<Ok<GeofenceView>, ProblemHttpResult>> Get(
        Guid id, HttpContext http, ClaimsPrincipal user, GeofenceRepository geofences,
        CancellationToken cancellationToken) =>
        await geofences.FindAsync(id, user.Tenant(), cancellationToken) is { } found
            ? Shown(http, found)
            : Problems.GeofenceNotFound();

    private static async Task<Results<Ok<GeofenceView>, ProblemHttpResult>> Change(
        Guid id, GeofenceBody body, HttpContext http, ClaimsPrincipal user, GeofenceRepository geofences,
        CancellationToken cancellationToken)
    {
        var errors = Validate(body).Require(
            http.Request.TryReadExpectedVersion(out var version), "If-Match", "'If-Match' must be the ETag of the geofence.");
        if (errors.Any)
        {
            return Problems.Invalid(errors.ByField);
        }

        return await geofences.ChangeAsync(id, user.Tenant(), SettingsOf(body), version, cancellationToken) switch
        {
            { Changed: { } changed } => Shown(http, changed),
            { Current: { } current } => Problems.VersionMismatch(current.Version),
            _ => Problems.GeofenceNotFound(),
        };
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Remove(
        Guid id, ClaimsPrincipal user, GeofenceRepository geofences, CancellationToken cancellationToken) =>
        await geofences.RemoveAsync(id, user.Tenant(), cancellationToken)
            ? TypedResults.NoContent()
            : Problems.GeofenceNotFound();

    private static Ok<GeofenceView> Shown(HttpContext http, Geofence geofence)
    {
        http.Response.SetVersion(geofence.Version);
        return TypedResults.Ok(GeofenceView.Of(geofence));
    }

    private static GeofenceSettings SettingsOf(GeofenceBody body) => new(
        body.Name, body.Shape.GetRawText(), body.DevicePrefix ?? "", body.DeviceIds?.Distinct().ToList());

    private static FieldErrors Validate(GeofenceBody body) => new FieldErrors()
        .RequireText(body.Name, "name", MaxNameLength)
        .Require(body.Name.Trim().Length > 0, "name", "'name' must not be empty.")
        .Require(
            GeofenceShape.Read(body.Shape) is not null, "shape",
            $"'shape' must be a Polygon or MultiPolygon of at most {GeofenceShape.MaxPlaces} places that does not cross itself, "
            + $"or a Point with 'radius' {GeofenceShape.MinRadius:0} to {GeofenceShape.MaxRadius:0}.")
        .Require(
            body.DevicePrefix is null or "" || DeviceIds.IsValid(body.DevicePrefix), "devicePrefix",
            "'devicePrefix' must be the beginning of a device id.")
        .Require(
            body.DeviceIds is null || (body.DeviceIds.Count is > 0 and <= MaxDevices && body.DeviceIds.All(id => DeviceIds.IsValid(id))),
            "deviceIds", $"'deviceIds' must be 1 to {MaxDevices} device ids.");
}
