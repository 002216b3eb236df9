using System.Security.Claims;
using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Store.Requests;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Explorer;
using ArtMqtt.WebGateway.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtMqtt.WebGateway.Requests;

/// <summary>Requests: created, assigned, moved on, shown.</summary>
internal static class RequestEndpoints
{
    private const int MaxNameLength = 200;
    private const int MaxNoteLength = 2_000;
    private const int MaxPageSize = 1_000;

    public static void MapRequests(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/requests").WithTags("Requests").RequireAuthorization();
        group.MapPost("/", Create).RequireAuthorization(Policies.Dispatcher)
            .WithSummary("Create a request")
            .WithDescription("The answer holds the customer's token and link; they are shown this once.")
            .WithBodyExample("""
                {"pickup":{"lat":48.13743,"lng":11.57549},"customerName":"Ada","note":"Blue van, flat tyre"}
                """)
            .ProducesErrors(400, 401, 403, 413, 415);
        group.MapGet("/", List).RequireAuthorization(Policies.Reader)
            .WithSummary("List requests, newest first").ProducesErrors(400, 401, 403);
        group.MapGet("/{requestId:guid}", Get)
            .WithSummary("One request").WithDescription("For dispatchers, analysts, its customer, and the device that is assigned to it.")
            .ProducesErrors(401, 404);
        group.MapPost("/{requestId:guid}/assign", Assign).RequireAuthorization(Policies.Dispatcher)
            .WithSummary("Assign a device")
            .WithDescription("A pending request becomes assigned; a running one changes hands and keeps its status.")
            .WithBodyExample("""{"deviceId":"truck-7"}""").ProducesErrors(400, 401, 403, 404, 409);
        group.MapPost("/{requestId:guid}/status", ChangeStatus).RequireAuthorization(Policies.Dispatcher)
            .WithSummary("Move a request on")
            .WithDescription("assigned → en_route → arrived → in_progress → completed; cancelled from any before completed.")
            .WithBodyExample("""{"status":"en_route"}""").ProducesErrors(400, 401, 403, 404, 409);
    }

    private static async Task<Results<Created<CreatedRequestView>, ProblemHttpResult>> Create(
        CreateRequestBody body, HttpRequest http, RequestChanges changes, CredentialHasher hasher, TrackingLinks links,
        CancellationToken cancellationToken)
    {
        var errors = new FieldErrors()
            .Require(body.Pickup.Lat is >= -90 and <= 90, "pickup.lat", "'pickup.lat' must be -90 to 90.")
            .Require(body.Pickup.Lng is >= -180 and <= 180, "pickup.lng", "'pickup.lng' must be -180 to 180.")
            .RequireText(body.CustomerName, "customerName", MaxNameLength)
            .RequireText(body.Note, "note", MaxNoteLength);
        if (errors.Any)
        {
            return Problems.Invalid(errors.ByField);
        }

        var requestId = Guid.CreateVersion7();
        var token = AccessToken.NewCustomer(requestId);
        var request = await changes.CreateAsync(
            new NewRequest(
                requestId, body.Pickup.Lat, body.Pickup.Lng, body.CustomerName, body.Note, hasher.Hash(token.Secret),
                Caller.Dispatcher),
            cancellationToken);
        var view = CreatedRequestView.Of(request, token.ToString(), links.Create(http, requestId, token));
        return TypedResults.Created($"/api/requests/{requestId:D}", view);
    }

    private static async Task<Results<Ok<RequestPage>, ProblemHttpResult>> List(
        RequestRepository requests, CancellationToken cancellationToken, string? after = null, int limit = 100)
    {
        PageCursor cursor = default;
        var errors = new FieldErrors()
            .Require(limit is >= 1 and <= MaxPageSize, "limit", $"'limit' must be 1 to {MaxPageSize}.")
            .Require(after is null || PageCursor.TryParse(after, out cursor), "after", "'after' must be a page's 'next'.");
        if (errors.Any)
        {
            return Problems.Invalid(errors.ByField);
        }

        var page = await requests.ListAsync(
            after is null ? null : cursor.CreatedAt, after is null ? null : cursor.RequestId, limit, cancellationToken);
        var next = page.Count == limit ? PageCursor.Of(page[^1]).ToString() : null;
        return TypedResults.Ok(new RequestPage([.. page.Select(RequestView.Of)], next));
    }

    private static async Task<Results<Ok<RequestView>, ProblemHttpResult>> Get(
        Guid requestId, ClaimsPrincipal user, IFleetDirectory fleet, RequestRepository requests,
        CancellationToken cancellationToken) =>
        user.MaySee(requestId, fleet) && await requests.FindAsync(requestId, cancellationToken) is { } request
            ? TypedResults.Ok(RequestView.Of(request))
            : Problems.RequestNotFound();

    private static async Task<Results<Ok<RequestView>, ProblemHttpResult>> Assign(
        Guid requestId, AssignBody body, RequestChanges changes, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors().Require(
            DeviceIds.IsValid(body.DeviceId), "deviceId", "'deviceId' must be 1 to 64 of a-z 0-9 . _ -");
        return errors.Any
            ? Problems.Invalid(errors.ByField)
            : Answer(
                await changes.AssignAsync(requestId, body.DeviceId, Caller.Dispatcher, cancellationToken),
                body.DeviceId, "be assigned");
    }

    private static async Task<Results<Ok<RequestView>, ProblemHttpResult>> ChangeStatus(
        Guid requestId, ChangeStatusBody body, RequestChanges changes, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors().Require(
            RequestTransitions.TryParse(body.Status, out var to), "status",
            "'status' must be en_route, arrived, in_progress, completed or cancelled.");
        return errors.Any
            ? Problems.Invalid(errors.ByField)
            : Answer(
                await changes.ChangeStatusAsync(requestId, to, Caller.Dispatcher, cancellationToken),
                deviceId: "", $"become {to.ToWire()}");
    }

    private static Results<Ok<RequestView>, ProblemHttpResult> Answer(
        RequestChangeResult result, string deviceId, string change) => result switch
        {
            { Change: { } made } => TypedResults.Ok(RequestView.Of(made.Request)),
            { Error: RequestChangeError.DeviceNotFound } => Problems.DeviceNotFound(deviceId),
            { Error: RequestChangeError.NotAllowed, Current: { } current } => Problems.StatusNotAllowed(
                current.Status, $"The request is {current.Status.ToWire()} and cannot {change}."),
            _ => Problems.RequestNotFound(),
        };
}
