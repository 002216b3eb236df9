using System.Security.Claims;
using ArtMqtt.Store.Requests;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Explorer;
using ArtMqtt.WebGateway.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtMqtt.WebGateway.Dispatch;

/// <summary>Who could serve a request.</summary>
internal static class NearestEndpoints
{
    private const int MaxLimit = 50;

    public static void MapNearest(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/requests/{requestId:guid}/nearest", GetNearest)
            .WithTags("Requests").RequireAuthorization(Policies.Dispatcher)
            .WithSummary("Who could serve a request, the fastest first")
            .WithDescription(
                "Vehicles of the request's tenant that are enabled, were seen lately (Gateway:Dispatch:MaxAge) and are free; with busy=true "
                + "also those that serve another request. The order is that of the estimated drive to the pickup point.")
            .ProducesErrors(400, 401, 403, 404);

    private static async Task<Results<Ok<NearestList>, ProblemHttpResult>> GetNearest(
        Guid requestId, ClaimsPrincipal user, RequestRepository requests, NearestVehicles nearest,
        CancellationToken cancellationToken, bool busy = false, int limit = 10)
    {
        var errors = new FieldErrors().Require(limit is >= 1 and <= MaxLimit, "limit", $"'limit' must be 1 to {MaxLimit}.");
        if (errors.Any)
        {
            return Problems.Invalid(errors.ByField);
        }

        return user.MaySee(requestId) && await requests.FindAsync(requestId, cancellationToken) is { } request
            ? TypedResults.Ok(new NearestList(await nearest.FindAsync(request, busy, limit, cancellationToken)))
            : Problems.RequestNotFound();
    }
}
