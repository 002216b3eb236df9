using System.Security.Claims;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Store.Devices;
using ArtMqtt.Store.Requests;
using ArtMqtt.Store.Routes;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Explorer;
using ArtMqtt.WebGateway.Security;
using ArtMqtt.WebGateway.Sharing;

namespace ArtMqtt.WebGateway.Routes;

/// <summary>Where a device has been, or those of a request.</summary>
internal static class RouteEndpoints
{
    private const string Parts =
        "When 'truncated' is true, give 'cursor' back as 'after' for what comes next. 'bucketSeconds' takes the first "
        + "position of each span, 'tolerance' leaves out those that the line does not need.";

    public static void MapRoutes(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/requests/{requestId:guid}/route", GetOfRequest)
            .WithTags("Routes").RequireAuthorization()
            .WithSummary("Route of a request as GeoJSON")
            .WithDescription(
                "One LineString with the properties times (ms), speeds (m/s) and headings (degrees), each as long as "
                + "the coordinates; no feature for fewer than two positions. format=points gives one Point per "
                + "position, format=rows one array, in the order of 'fields'. " + Parts + " For dispatchers and analysts; for its customer from the assignment to the end; for "
                + "who has a shared link, since its phase began and while it lasts.")
            .Produces(StatusCodes.Status200OK, contentType: RouteResult.ContentType)
            .ProducesErrors(400, 401, 403, 404, 410);
        app.MapGet("/api/devices/{deviceId}/route", GetOfDevice)
            .WithTags("Routes").RequireAuthorization(Policies.Reader)
            .WithSummary("Route of a device as GeoJSON")
            .WithDescription("As the route of a request, whatever the device served; 'role' does not matter.")
            .Produces(StatusCodes.Status200OK, contentType: RouteResult.ContentType)
            .ProducesErrors(400, 401, 403, 404);
    }

    /// <summary>Whether rows of a route are asked for, which may be a hundred megabytes.</summary>
    public static bool IsRows(HttpRequest request) =>
        request.Path.Value?.EndsWith("/route", StringComparison.Ordinal) == true && request.Query["format"] == RouteQuery.RowsFormat;

    private static async Task<IResult> GetOfRequest(
        Guid requestId, [AsParameters] RouteQuery query, ClaimsPrincipal user, IFleetDirectory fleet,
        RequestRepository requests, ShareRoutes shared, RouteReader routes, CancellationToken cancellationToken)
    {
        if (user.Share() is { } share)
        {
            return await shared.ReadAsync(share, requestId, query, cancellationToken);
        }

        if (await RouteAccess.RefuseAsync(requestId, user, fleet, requests, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        return query.Validate() is { Any: true } errors
            ? Problems.Invalid(errors.ByField)
            : new RouteResult(
                routes.ReadRequestAsync(requestId, query.Role, query.Selection, cancellationToken), query);
    }

    private static async Task<IResult> GetOfDevice(
        string deviceId, [AsParameters] RouteQuery query, DeviceRepository devices, RouteReader routes,
        CancellationToken cancellationToken)
    {
        if (await RouteAccess.RefuseAsync(deviceId, devices, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        return query.Validate() is { Any: true } errors
            ? Problems.Invalid(errors.ByField)
            : new RouteResult(routes.ReadDeviceAsync(deviceId, query.Selection, cancellationToken), query);
    }
}
