using System.Runtime.CompilerServices;
using System.Security.Claims;
using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Store.Devices;
using ArtMqtt.Store.Requests;
using ArtMqtt.Store.Routes;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Explorer;
using ArtMqtt.WebGateway.Limits;
using ArtMqtt.WebGateway.Routes;
using ArtMqtt.WebGateway.Security;
using Microsoft.AspNetCore.Mvc;

namespace ArtMqtt.WebGateway.Exports;

/// <summary>Routes as files for other programs.</summary>
internal static class ExportEndpoints
{
    private const int MaxDevices = 100;
    private const int DevicesAtOnce = 1_000;

    private const string Formats =
        "format=geojson (Points), gpx (1.1, Garmin's TrackPointExtension 2), csv (RFC 4180), parquet (GeoParquet 1.1), "
        + "mfjson (OGC 19-045r3) or kml (Google's tracks); or the media type in 'Accept'. A file that is not whole is a "
        + "broken transfer, never a shorter file.";

    public static void MapExports(this IEndpointRouteBuilder app)
    {
        Describe(app.MapGet("/api/devices/{deviceId}/export", ExportDevice))
            .RequireAuthorization(Policies.Reader)
            .WithSummary("Route of a device as a file")
            .WithDescription(Formats);
        Describe(app.MapGet("/api/requests/{requestId:guid}/export", ExportRequest))
            .RequireAuthorization()
            .WithSummary("Route of a request as a file")
            .WithDescription(
                Formats + " For dispatchers and analysts; for its customer from the assignment to the end. Without 'from' "
                + "and 'to' it is the whole request.");
        Describe(app.MapGet("/api/positions/export", ExportDevices))
            .RequireAuthorization(Policies.Reader)
            .WithSummary("Routes of several devices, or of all of the tenant, as a file")
            .WithDescription(
                $"One device after the other. At most {MaxDevices} times 'device'; without it all of them. " + Formats);
    }

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithTags("Exports")
        .WithMetadata(new LimitedCalls(CallClass.Export))
        .Produces(
            StatusCodes.Status200OK, contentType: ExportFormats.All[0].MediaType,
            additionalContentTypes: [.. ExportFormats.All.Skip(1).Select(format => format.MediaType)])
        .ProducesErrors(400, 401, 403, 404, 406, 413, 429);

    private static async Task<IResult> ExportDevice(
        string deviceId, [AsParameters] PeriodQuery period, [AsParameters] ExportQuery query, HttpRequest http,
        DeviceRepository devices, RouteReader routes, CancellationToken cancellationToken)
    {
        if (!DeviceIds.IsValid(deviceId) || await devices.FindAsync(deviceId, cancellationToken) is not { } device)
        {
            return Problems.DeviceNotFound(deviceId);
        }

        var source = new DeviceSource(
            device.Name ?? deviceId, deviceId, new[] { device }.ToAsyncEnumerable(), period, routes);
        return Export(source, query.AddTo(period.Validate(mayBeOpen: false)), query, http);
    }

    private static async Task<IResult> ExportRequest(
        Guid requestId, [AsParameters] PeriodQuery period, [AsParameters] RoleQuery role, [AsParameters] ExportQuery query,
        HttpRequest http, ClaimsPrincipal user, IFleetDirectory fleet, RequestRepository requests, RouteReader routes,
        DeviceRepository devices, CancellationToken cancellationToken) =>
        await RouteAccess.RefuseAsync(requestId, user, fleet, requests, cancellationToken)
            ?? Export(
                new RequestSource(requestId, role.Role, period, routes, devices),
                query.AddTo(role.AddTo(period.Validate(mayBeOpen: true))), query, http);

    private static async Task<IResult> ExportDevices(
        [AsParameters] PeriodQuery period, [AsParameters] ExportQuery query, HttpRequest http, ClaimsPrincipal user,
        DeviceRepository devices, RouteReader routes, CancellationToken cancellationToken,
        [FromQuery(Name = "device")] string[]? deviceIds = null)
    {
        var errors = query.AddTo(period.Validate(mayBeOpen: false)).Require(
            deviceIds is null || deviceIds.Length <= MaxDevices, "device", $"'device' must be at most {MaxDevices}.");
        if (errors.Any || deviceIds is not { Length: > 0 })
        {
            return Export(new DeviceSource("All devices", "positions", AllAsync(user.Scope(), devices), period, routes), errors, query, http);
        }

        var scope = user.Scope();
        var chosen = new List<DeviceRecord>();
        foreach (var deviceId in deviceIds.Distinct().Order(StringComparer.Ordinal))
        {
            if (!DeviceIds.IsValid(deviceId) || await devices.FindAsync(deviceId, cancellationToken) is not { } device
                || !scope.Covers(device.Tenant))
            {
                return Problems.DeviceNotFound(deviceId);
            }

            chosen.Add(device);
        }

        return Export(
            new DeviceSource($"{chosen.Count} devices", "positions", chosen.ToAsyncEnumerable(), period, routes), errors,
            query, http);
    }

    private static IResult Export(IExportSource source, FieldErrors errors, ExportQuery query, HttpRequest http)
    {
        if (errors.Any)
        {
            return Problems.Invalid(errors.ByField);
        }

        var format = query.FormatName is { } name ? ExportFormats.Find(name) : ExportFormats.Accepted(http.Headers.Accept);
        return format is null ? Problems.NotAcceptable() : new ExportResult(source, format, query.MaxGap);
    }

    private static async IAsyncEnumerable<DeviceRecord> AllAsync(
        TenantScope scope, DeviceRepository devices,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string? last = null;
        do
        {
            var page = await devices.ListAsync(scope, last, DevicesAtOnce, cancellationToken);
            foreach (var device in page)
            {
                yield return device;
            }

            last = page.Count == DevicesAtOnce ? page[^1].DeviceId : null;
        }
        while (last is not null);
    }
}
