using System.Security.Claims;
using ArtMqtt.Store.Sharing;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Explorer;
using ArtMqtt.WebGateway.Paging;
using ArtMqtt.WebGateway.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtMqtt.WebGateway.Sharing;

/// <summary>The links of all requests, for who looks after them.</summary>
internal static class IssuedShareEndpoints
{
    private const int MaxPageSize = 1_000;

    public static void MapIssuedShares(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/shares", List)
            .WithTags("Sharing").RequireAuthorization(Policies.Dispatcher)
            .WithSummary("The links of all requests, newest first")
            .WithDescription("Without what opens them. Who opened one: /api/requests/{requestId}/shares/{shareId}/opens.")
            .ProducesErrors(400, 401, 403);

    private static async Task<Results<Ok<IssuedSharePage>, ProblemHttpResult>> List(
        ClaimsPrincipal user, IssuedShareReader shares, TimeProvider time, CancellationToken cancellationToken,
        string? after = null, int limit = 100)
    {
        var before = Parse(after);
        var errors = new FieldErrors()
            .Require(limit is >= 1 and <= MaxPageSize, "limit", $"'limit' must be 1 to {MaxPageSize}.")
            .Require(after is null || before is not null, "after", "'after' must be a page's 'next'.");
        if (errors.Any)
        {
            return Problems.Invalid(errors.ByField);
        }

        var page = await shares.ListAsync(user.Scope(), before, limit, cancellationToken);
        var now = time.GetUtcNow();
        return TypedResults.Ok(new IssuedSharePage(
            [.. page.Select(issued => new IssuedShareView(
                issued.Share.RequestId, issued.Status, ShareView.Of(issued.Share, issued.Status, now)))],
            page.Count == limit ? CursorOf(page[^1].Share) : null));
    }

    private static string CursorOf(ShareRecord share) =>
        new PageMark(share.CreatedAt, ShareView.NameOf(share.ShareId)).ToString();

    private static (DateTimeOffset CreatedAt, uint ShareId)? Parse(string? text) =>
        PageMark.TryParse(text, out var mark) && ShareView.TryParseName(mark.Name, out var shareId) ? (mark.At, shareId) : null;
}
