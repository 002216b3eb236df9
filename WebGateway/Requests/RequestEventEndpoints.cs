using System.Security.Claims;
using ArtMqtt.Store.Requests;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Explorer;
using ArtMqtt.WebGateway.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtMqtt.WebGateway.Requests;

/// <summary>What happened to requests.</summary>
internal static class RequestEventEndpoints
{
    public static void MapRequestEvents(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/request-events", List)
            .WithTags("Requests").RequireAuthorization(Policies.Reader)
            .WithSummary("What happened to requests, newest first")
            .WithDescription("One entry for each version of a request: made, assigned, moved on, note changed, arrival noticed.")
            .ProducesErrors(400, 401, 403);

    private static async Task<Results<Ok<RequestEventPage>, ProblemHttpResult>> List(
        [AsParameters] RequestEventQuery query, ClaimsPrincipal user, RequestEventReader events,
        CancellationToken cancellationToken)
    {
        if (query.Validate() is { Any: true } errors)
        {
            return Problems.Invalid(errors.ByField);
        }

        var page = await events.ListAsync(user.Scope(), query.Before, query.Filter, query.Limit, cancellationToken);
        var next = page.Count == query.Limit ? RequestEventQuery.CursorOf(page[^1]) : null;
        return TypedResults.Ok(new RequestEventPage([.. page.Select(RequestEventView.Of)], next));
    }
}
