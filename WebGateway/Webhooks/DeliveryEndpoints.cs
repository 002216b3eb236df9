using System.Security.Claims;
using ArtMqtt.Store.Webhooks;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Explorer;
using ArtMqtt.WebGateway.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtMqtt.WebGateway.Webhooks;

/// <summary>What was sent to a webhook and what was not; sending it again.</summary>
internal static class DeliveryEndpoints
{
    private const int MaxPageSize = 1_000;
    private static readonly string[] _states = ["pending", "delivered", "failed"];

    public static void MapDeliveries(this RouteGroupBuilder webhooks)
    {
        webhooks.MapPost("/{id:guid}/test", Ping)
            .WithSummary("Send a ping to a webhook").WithDescription("It is queued; the deliveries say how it went.")
            .ProducesErrors(401, 403, 404, 409);
        webhooks.MapGet("/{id:guid}/deliveries", List)
            .WithSummary("What was sent, newest first")
            .WithDescription("With state=failed: the dead letters, with what was wrong at last.")
            .ProducesErrors(400, 401, 403, 404);
        webhooks.MapPost("/{id:guid}/deliveries/{deliveryId:long}/replay", Replay)
            .WithSummary("Send one event again")
            .WithDescription("Whatever became of it; its webhook-id stays the same.").ProducesErrors(401, 403, 404, 409);
        webhooks.MapPost("/{id:guid}/deliveries/replay", ReplayFailed)
            .WithSummary("Send all dead letters again")
            .WithBodyExample("""{"since":"2026-11-01T00:00:00Z"}""").ProducesErrors(400, 401, 403, 404, 409);
    }

    private static async Task<Results<Accepted<DeliveryView>, ProblemHttpResult>> Ping(
        Guid id, ClaimsPrincipal user, WebhookEndpointRepository webhooks, WebhookDeliveryRepository deliveries,
        CancellationToken cancellationToken) =>
        await FindProblemAsync(id, user, webhooks, cancellationToken) is { } problem
            ? problem
            : TypedResults.Accepted((string?)null, DeliveryView.Of(await deliveries.PingAsync(id, cancellationToken)));

    private static async Task<Results<Ok<DeliveryPage>, ProblemHttpResult>> List(
        Guid id, ClaimsPrincipal user, WebhookEndpointRepository webhooks, WebhookDeliveryRepository deliveries,
        CancellationToken cancellationToken, string? state = null, long? before = null, int limit = 100)
    {
        var errors = new FieldErrors()
            .Require(limit is >= 1 and <= MaxPageSize, "limit", $"'limit' must be 1 to {MaxPageSize}.")
            .Require(state is null || _states.Contains(state), "state", "'state' must be pending, delivered or failed.");
        if (errors.Any)
        {
            return Problems.Invalid(errors.ByField);
        }

        if (await webhooks.FindAsync(id, user.Tenant(), cancellationToken) is null)
        {
            return Problems.WebhookNotFound();
        }

        var page = await deliveries.ListAsync(id, state, before, limit, cancellationToken);
        return TypedResults.Ok(new DeliveryPage(
            [.. page.Select(DeliveryView.Of)], page.Count == limit ? page[^1].DeliveryId : null));
    }

    private static async Task<Results<Accepted<DeliveryView>, ProblemHttpResult>> Replay(
        Guid id, long deliveryId, ClaimsPrincipal user, WebhookEndpointRepository webhooks,
        WebhookDeliveryRepository deliveries, CancellationToken cancellationToken)
    {
        if (await FindProblemAsync(id, user, webhooks, cancellationToken) is { } problem)
        {
            return problem;
        }

        return await deliveries.ReplayAsync(id, deliveryId, cancellationToken) is { } delivery
            ? TypedResults.Accepted((string?)null, DeliveryView.Of(delivery))
            : Problems.Create(
                StatusCodes.Status404NotFound, ErrorCodes.DeliveryNotFound, "There is no such delivery, or it is forgotten.");
    }

    private static async Task<Results<Accepted<ReplayedView>, ProblemHttpResult>> ReplayFailed(
        Guid id, ReplayBody body, ClaimsPrincipal user, WebhookEndpointRepository webhooks,
        WebhookDeliveryRepository deliveries, CancellationToken cancellationToken) =>
        await FindProblemAsync(id, user, webhooks, cancellationToken) is { } problem
            ? problem
            : TypedResults.Accepted(
                (string?)null, new ReplayedView(await deliveries.ReplayFailedAsync(id, body.Since, cancellationToken)));

    // Why nothing can be sent to it, or null.
    private static async Task<ProblemHttpResult?> FindProblemAsync(
        Guid id, ClaimsPrincipal user, WebhookEndpointRepository webhooks, CancellationToken cancellationToken) =>
        await webhooks.FindAsync(id, user.Tenant(), cancellationToken) switch
        {
            null => Problems.WebhookNotFound(),
            { Settings.IsEnabled: false } => Problems.Create(
                StatusCodes.Status409Conflict, ErrorCodes.WebhookDisabled, "The webhook is disabled; enable it first."),
            _ => null,
        };
}
