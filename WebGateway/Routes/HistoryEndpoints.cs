using System.Security.Claims;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Devices;
using ArtMqtt.Store.Requests;
using ArtMqtt.Store.Routes;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Explorer;
using ArtMqtt.WebGateway.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtMqtt.WebGateway.Routes;

/// <summary>What the routes of a device or of a request amount to.</summary>
internal static class HistoryEndpoints
{
    private const string OfRequest =
        " For dispatchers and analysts; for its customer from the assignment to the end. Without 'from' and 'to' it is "
        + "the whole request.";

    public static void MapHistory(this IEndpointRouteBuilder app)
    {
        Map(app.MapGroup("/api/devices/{deviceId}").RequireAuthorization(Policies.Reader), "a device", "",
            InstantOfDevice, TripsOfDevice, StopsOfDevice, SummaryOfDevice);
        Map(app.MapGroup("/api/requests/{requestId:guid}").RequireAuthorization(), "a request", OfRequest,
            InstantOfRequest, TripsOfRequest, StopsOfRequest, SummaryOfRequest);
    }

    private static void Map(
        RouteGroupBuilder group, string whose, string note, Delegate instant, Delegate trips, Delegate stops,
        Delegate summary)
    {
        group.WithTags("History");
        group.MapGet("/position", instant)
            .WithSummary($"Place of {whose} at one moment")
            .WithDescription(
                "Between two positions it is on the great circle, and 'interpolated' is true; place_not_known when "
                + "they are more than 'maxGapSeconds' apart (default 300) or the moment is outside of them." + note)
            .Produces<InstantView>().ProducesErrors(400, 401, 403, 404);
        group.MapGet("/trips", trips)
            .WithSummary($"Trips of {whose}, oldest first")
            .WithDescription(
                "Movements between stops, cut at gaps, at least 500 m or 300 s long. One that goes on at an end of the "
                + "period is cut there." + note)
            .Produces<IEnumerable<TripView>>().ProducesErrors(400, 401, 403, 404);
        group.MapGet("/stops", stops)
            .WithSummary($"Stops of {whose}, oldest first")
            .WithDescription("Times of at least 180 s within 200 m. Receiver noise does not end a stop." + note)
            .Produces<IEnumerable<StopView>>().ProducesErrors(400, 401, 403, 404);
        group.MapGet("/summary", summary)
            .WithSummary($"Distance, moving time and highest speed of {whose}")
            .WithDescription(
                "Metres on the ellipsoid WGS 84. With 'maxGapSeconds' steps over longer gaps are left out." + note)
            .Produces<SummaryView>().ProducesErrors(400, 401, 403, 404);
    }

    private static async Task<IResult> InstantOfDevice(
        string deviceId, [AsParameters] InstantQuery query, DeviceRepository devices, InstantReader instants,
        CancellationToken cancellationToken) =>
        await RouteAccess.RefuseAsync(deviceId, devices, cancellationToken)
            ?? Refuse(query.Validate())
            ?? Show(await instants.FindDeviceAsync(deviceId, query.At, query.MaxGap, cancellationToken));

    private static async Task<IResult> InstantOfRequest(
        Guid requestId, [AsParameters] InstantQuery query, [AsParameters] RoleQuery role, ClaimsPrincipal user,
        IFleetDirectory fleet, RequestRepository requests, InstantReader instants, CancellationToken cancellationToken) =>
        await RouteAccess.RefuseAsync(requestId, user, fleet, requests, cancellationToken)
            ?? Refuse(role.AddTo(query.Validate()))
            ?? Show(await instants.FindRequestAsync(requestId, role.Role, query.At, query.MaxGap, cancellationToken));

    private static async Task<IResult> TripsOfDevice(
        string deviceId, [AsParameters] PeriodQuery period, [AsParameters] TripQuery query, DeviceRepository devices,
        RouteReader routes, CancellationToken cancellationToken) =>
        await RouteAccess.RefuseAsync(deviceId, devices, cancellationToken)
            ?? Refuse(query.AddTo(period.Validate(mayBeOpen: false)))
            ?? await TripsAsync(Read(routes, deviceId, period, cancellationToken), query, cancellationToken);

    private static async Task<IResult> TripsOfRequest(
        Guid requestId, [AsParameters] PeriodQuery period, [AsParameters] RoleQuery role, [AsParameters] TripQuery query,
        ClaimsPrincipal user, IFleetDirectory fleet, RequestRepository requests, RouteReader routes,
        CancellationToken cancellationToken) =>
        await RouteAccess.RefuseAsync(requestId, user, fleet, requests, cancellationToken)
            ?? Refuse(query.AddTo(role.AddTo(period.Validate(mayBeOpen: true))))
            ?? await TripsAsync(Read(routes, requestId, role.Role, period, cancellationToken), query, cancellationToken);

    private static async Task<IResult> StopsOfDevice(
        string deviceId, [AsParameters] PeriodQuery period, [AsParameters] TripQuery query, DeviceRepository devices,
        RouteReader routes, CancellationToken cancellationToken) =>
        await RouteAccess.RefuseAsync(deviceId, devices, cancellationToken)
            ?? Refuse(query.AddTo(period.Validate(mayBeOpen: false)))
            ?? await StopsAsync(Read(routes, deviceId, period, cancellationToken), query, cancellationToken);

    private static async Task<IResult> StopsOfRequest(
        Guid requestId, [AsParameters] PeriodQuery period, [AsParameters] RoleQuery role, [AsParameters] TripQuery query,
        ClaimsPrincipal user, IFleetDirectory fleet, RequestRepository requests, RouteReader routes,
        CancellationToken cancellationToken) =>
        await RouteAccess.RefuseAsync(requestId, user, fleet, requests, cancellationToken)
            ?? Refuse(query.AddTo(role.AddTo(period.Validate(mayBeOpen: true))))
            ?? await StopsAsync(Read(routes, requestId, role.Role, period, cancellationToken), query, cancellationToken);

    private static async Task<IResult> SummaryOfDevice(
        string deviceId, [AsParameters] PeriodQuery period, [AsParameters] GapQuery gap, DeviceRepository devices,
        RouteReader routes, CancellationToken cancellationToken) =>
        await RouteAccess.RefuseAsync(deviceId, devices, cancellationToken)
            ?? Refuse(gap.AddTo(period.Validate(mayBeOpen: false)))
            ?? await SumAsync(Read(routes, deviceId, period, cancellationToken), gap, cancellationToken);

    private static async Task<IResult> SummaryOfRequest(
        Guid requestId, [AsParameters] PeriodQuery period, [AsParameters] RoleQuery role, [AsParameters] GapQuery gap,
        ClaimsPrincipal user, IFleetDirectory fleet, RequestRepository requests, RouteReader routes,
        CancellationToken cancellationToken) =>
        await RouteAccess.RefuseAsync(requestId, user, fleet, requests, cancellationToken)
            ?? Refuse(gap.AddTo(role.AddTo(period.Validate(mayBeOpen: true))))
            ?? await SumAsync(Read(routes, requestId, role.Role, period, cancellationToken), gap, cancellationToken);

    private static IAsyncEnumerable<RoutePoint> Read(
        RouteReader routes, string deviceId, PeriodQuery period, CancellationToken cancellationToken) =>
        routes.ReadDeviceAsync(deviceId, period.From, period.To, int.MaxValue, cancellationToken);

    private static IAsyncEnumerable<RoutePoint> Read(
        RouteReader routes, Guid requestId, PositionRole role, PeriodQuery period, CancellationToken cancellationToken) =>
        routes.ReadRequestAsync(requestId, role, period.From, period.To, int.MaxValue, cancellationToken);

    private static async Task<IResult> TripsAsync(
        IAsyncEnumerable<RoutePoint> route, TripQuery query, CancellationToken cancellationToken) =>
        TypedResults.Ok(await route.CutAsync(query.Options, cancellationToken)
            .OfType<RouteTrip>().Select(TripView.Of).StartAsync(cancellationToken));

    private static async Task<IResult> StopsAsync(
        IAsyncEnumerable<RoutePoint> route, TripQuery query, CancellationToken cancellationToken) =>
        TypedResults.Ok(await route.CutAsync(query.Options, cancellationToken)
            .OfType<RouteStop>().Select(StopView.Of).StartAsync(cancellationToken));

    private static async Task<IResult> SumAsync(
        IAsyncEnumerable<RoutePoint> route, GapQuery gap, CancellationToken cancellationToken) =>
        TypedResults.Ok(SummaryView.Of(await route.SumAsync(gap.MaxGap, cancellationToken)));

    private static IResult Show(RouteInstant? instant) =>
        instant is null ? Problems.PlaceNotKnown() : TypedResults.Ok(InstantView.Of(instant));

    private static ProblemHttpResult? Refuse(FieldErrors errors) => errors.Any ? Problems.Invalid(errors.ByField) : null;
}
