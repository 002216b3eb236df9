using System.Security.Claims;
using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Store.Requests;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Explorer;
using ArtMqtt.WebGateway.Security;
using ArtMqtt.WebGateway.Sharing;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace ArtMqtt.WebGateway.Requests;

/// <summary>Requests: created, assigned, moved on, shown.</summary>
internal static class RequestEndpoints
{
    private const int MaxNameLength = 200;
    private const int MaxNoteLength = 2_000;
    private const int MaxKeyLength = 200;
    private const string ReplayedHeader = "Idempotent-Replayed";

    private const string OnlyThisVersion =
        " With If-Match the change is made only while the request has that ETag, else 412.";

    public static void MapRequests(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/requests").WithTags("Requests").RequireAuthorization();
        group.MapPost("/", Create).RequireAuthorization(Policies.Dispatcher)
            .WithSummary("Create a request")
            .WithDescription(
                "The answer holds the customer's token and link; they are shown this once. With an Idempotency-Key the same call "
                + "sent again finds the request it made (Idempotent-Replayed: true) instead of making another.")
            .WithBodyExample("""
                {"pickup":{"lat":48.13743,"lng":11.57549},"customerName":"Ada","note":"Blue van, flat tyre"}
                """)
            .ProducesErrors(400, 401, 403, 413, 415, 422);
        group.MapGet("/", List).RequireAuthorization(Policies.ReaderOrDevice)
            .WithSummary("List requests, newest first")
            .WithDescription("Who comes with a device sees those it is assigned to, while they run.").ProducesErrors(400, 401, 403);
        group.MapGet("/{requestId:guid}", Get)
            .WithSummary("One request")
            .WithDescription(
                "For dispatchers, analysts, its customer, and the device that is assigned to it; for who has a shared link to it, "
                + "without device, customer and note. The ETag is the version.")
            .Produces(StatusCodes.Status304NotModified).ProducesErrors(401, 404, 410);
        group.MapPost("/{requestId:guid}/assign", Assign).RequireAuthorization(Policies.Dispatcher)
            .WithSummary("Assign a device")
            .WithDescription("A pending request becomes assigned; a running one changes hands and keeps its status. The device must be of the same tenant."
                + OnlyThisVersion)
            .WithBodyExample("""{"deviceId":"truck-7"}""").ProducesErrors(400, 401, 403, 404, 409, 412);
        group.MapPost("/{requestId:guid}/status", ChangeStatus).RequireAuthorization(Policies.DispatcherOrDevice)
            .WithSummary("Move a request on")
            .WithDescription("assigned → en_route → arrived → in_progress → completed; cancelled from any before completed. Who comes with "
                + "the assigned device does all but cancel." + OnlyThisVersion)
            .WithBodyExample("""{"status":"en_route"}""").ProducesErrors(400, 401, 403, 404, 409, 412);
        group.MapPut("/{requestId:guid}/note", ChangeNote).RequireAuthorization(Policies.Dispatcher)
            .WithSummary("Change what the operator is told").WithDescription("Null takes it away." + OnlyThisVersion)
            .WithBodyExample("""{"note":"Second yard"}""").ProducesErrors(400, 401, 403, 404, 412);
    }

    private static async Task<Results<Created<CreatedRequestView>, ProblemHttpResult>> Create(
        CreateRequestBody body, HttpContext http, ClaimsPrincipal user, RequestCreation creation, TrackingLinks links,
        CancellationToken cancellationToken, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey = null)
    {
        var errors = new FieldErrors()
            .Require(
                idempotencyKey is null || (idempotencyKey.Length is >= 1 and <= MaxKeyLength), "Idempotency-Key",
                $"'Idempotency-Key' must be 1 to {MaxKeyLength} characters.")
            .Require(body.Pickup.Lat is >= -90 and <= 90, "pickup.lat", "'pickup.lat' must be -90 to 90.")
            .Require(body.Pickup.Lng is >= -180 and <= 180, "pickup.lng", "'pickup.lng' must be -180 to 180.")
            .RequireText(body.CustomerName, "customerName", MaxNameLength)
            .RequireText(body.Note, "note", MaxNoteLength)
            .RequireTenant(body.Tenant);
        if (errors.Any)
        {
            return Problems.Invalid(errors.ByField);
        }

        if (!user.MayName(body.Tenant, out var tenant))
        {
            return Problems.TenantNotAllowed();
        }

        if (await creation.CreateAsync(body, tenant, user.Word(), idempotencyKey, cancellationToken) is not { } created)
        {
            return Problems.IdempotencyKeyReused();
        }

        if (created.IsReplayed)
        {
            http.Response.Headers[ReplayedHeader] = "true";
        }

        http.Response.SetVersion(created.Request.Version);
        var requestId = created.Request.RequestId;
        var view = CreatedRequestView.Of(
            created.Request, created.Token.ToString(), links.Create(http.Request, requestId, created.Token));
        return TypedResults.Created($"/api/requests/{requestId:D}", view);
    }

    private static async Task<Results<Ok<RequestPage>, ProblemHttpResult>> List(
        [AsParameters] RequestListQuery query, ClaimsPrincipal user, RequestRepository requests,
        CancellationToken cancellationToken)
    {
        if (query.Validate() is { Any: true } errors)
        {
            return Problems.Invalid(errors.ByField);
        }

        if (query.FilterFor(user) is not { } filter)
        {
            return TypedResults.Ok(new RequestPage([], null));
        }

        var page = await requests.ListAsync(
            user.Scope(), query.Cursor?.CreatedAt, query.Cursor?.RequestId, query.Limit, cancellationToken, filter);
        var next = page.Count == query.Limit ? PageCursor.Of(page[^1]).ToString() : null;
        return TypedResults.Ok(new RequestPage([.. page.Select(RequestView.Of)], next));
    }

    private static async Task<Results<Ok<RequestView>, Ok<SharedRequestView>, StatusCodeHttpResult, ProblemHttpResult>> Get(
        Guid requestId, HttpContext http, ClaimsPrincipal user, IFleetDirectory fleet, RequestRepository requests,
        CancellationToken cancellationToken)
    {
        var share = user.Share() is { } own && own.RequestId == requestId ? own : null;
        if ((share is null && !user.MaySee(requestId, fleet))
            || await requests.FindAsync(requestId, cancellationToken) is not { } request)
        {
            return Problems.RequestNotFound();
        }

        if (share?.IsOverAt(request.Status) == true)
        {
            return ShareEnd.Over.Problem();
        }

        http.Response.SetVersion(request.Version);
        return http.Request.HasVersion(request.Version) ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : share is null ? TypedResults.Ok(RequestView.Of(request))
            : TypedResults.Ok(SharedRequestView.Of(share, request));
    }

    private static async Task<Results<Ok<RequestView>, ProblemHttpResult>> Assign(
        Guid requestId, AssignBody body, HttpContext http, ClaimsPrincipal user, RequestChanges changes,
        CancellationToken cancellationToken)
    {
        var errors = ReadVersion(http, out var version).Require(
            DeviceIds.IsValid(body.DeviceId), "deviceId", "'deviceId' must be 1 to 64 of a-z 0-9 . _ -");
        return errors.Any
            ? Problems.Invalid(errors.ByField)
            : Answer(
                http, await changes.AssignAsync(requestId, body.DeviceId, version, user.Word(), cancellationToken),
                body.DeviceId, "be assigned");
    }

    private static async Task<Results<Ok<RequestView>, ProblemHttpResult>> ChangeStatus(
        Guid requestId, ChangeStatusBody body, HttpContext http, ClaimsPrincipal user, RequestChanges changes,
        CancellationToken cancellationToken)
    {
        var errors = ReadVersion(http, out var version).Require(
            RequestTransitions.TryParse(body.Status, out var to), "status",
            "'status' must be en_route, arrived, in_progress, completed or cancelled.");
        if (errors.Any)
        {
            return Problems.Invalid(errors.ByField);
        }

        var own = user.DeviceId();
        return own is not null && to == RequestStatus.Cancelled
            ? Problems.DispatcherOnly()
            : Answer(
                http, await changes.ChangeStatusAsync(requestId, to, version, user.Word(), cancellationToken, own),
                deviceId: "", $"become {to.ToWire()}");
    }

    private static async Task<Results<Ok<RequestView>, ProblemHttpResult>> ChangeNote(
        Guid requestId, ChangeNoteBody body, HttpContext http, ClaimsPrincipal user, RequestRepository requests,
        CancellationToken cancellationToken)
    {
        var errors = ReadVersion(http, out var version).RequireText(body.Note, "note", MaxNoteLength);
        return errors.Any
            ? Problems.Invalid(errors.ByField)
            : Answer(
                http, await requests.ChangeNoteAsync(requestId, body.Note, user.Word(), cancellationToken, version),
                deviceId: "", "be noted");
    }

    private static FieldErrors ReadVersion(HttpContext http, out int? version) => new FieldErrors().Require(
        http.Request.TryReadExpectedVersion(out version), "If-Match", "'If-Match' must be the ETag of the request.");

    private static Results<Ok<RequestView>, ProblemHttpResult> Answer(
        HttpContext http, RequestChangeResult result, string deviceId, string change)
    {
        if (result.Current is { } now)
        {
            http.Response.SetVersion(now.Version);
        }

        return result switch
        {
            { Change: { } made } => TypedResults.Ok(RequestView.Of(made.Request)),
            { Error: RequestChangeError.DeviceNotFound } => Problems.DeviceNotFound(deviceId),
            { Error: RequestChangeError.Changed, Current: { } current } => Problems.VersionMismatch(current.Version),
            { Error: RequestChangeError.NotAllowed, Current: { } current } => Problems.StatusNotAllowed(
                current.Status, $"The request is {current.Status.ToWire()} and cannot {change}."),
            _ => Problems.RequestNotFound(),
        };
    }
}
