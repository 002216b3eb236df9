using System.Security.Claims;
using ArtMqtt.Store.Requests;
using ArtMqtt.Store.Sharing;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Explorer;
using ArtMqtt.WebGateway.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Sharing;

/// <summary>Links to a request that are handed out: made, listed, looked after, revoked.</summary>
internal static class ShareEndpoints
{
    private const int MaxKeyLength = 200;
    private const int MaxOpensShown = 1_000;
    private const string ReplayedHeader = "Idempotent-Replayed";

    public static void MapShares(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/requests/{requestId:guid}/shares").WithTags("Sharing").RequireAuthorization();
        group.MapPost("/", Create)
            .WithSummary("Hand out a link to the request")
            .WithDescription(
                "A 'viewer' sees the operator and the status, never the pickup point, the customer or the notes; a 'customer' may "
                + "also send the customer's position. Before and after 'phases' there is only the status; the link ends with them, with the "
                + "job, or when it is revoked. The answer holds token and link; they are shown this once. For dispatchers; for the request's "
                + "customer with the role viewer. Idempotency-Key works as on POST /api/requests.")
            .WithBodyExample("""
                {"role":"viewer","label":"Grandma","phases":{"from":"assigned","to":"arrived"}}
                """)
            .ProducesErrors(400, 401, 403, 404, 409, 413, 415, 422);
        group.MapGet("/", List)
            .WithSummary("The links of a request, newest first")
            .WithDescription("Without what opens them. Customers see those they made.").ProducesErrors(401, 403, 404);
        group.MapGet("/{shareId}/opens", ListOpens)
            .WithSummary("Who opened a link, newest first")
            .WithDescription(
                "One opening for each time that somebody began to watch; loading the page, as previews of messengers do, is none; "
                + "polls without a cursor are one a minute. Customers see those of links they made.")
            .ProducesErrors(401, 403, 404);
        group.MapDelete("/{shareId}", Revoke)
            .WithSummary("Revoke a link")
            .WithDescription("For good. What is open with it is closed within a second, on all nodes. Again: 204.")
            .ProducesErrors(401, 403, 404);
        app.MapGet("/api/share", GetOpened)
            .WithTags("Sharing").RequireAuthorization().WithSummary("What the caller's link opens")
            .WithDescription("For who comes with a shared link. 410 says that it ended, and why.")
            .ProducesErrors(401, 404, 410);
    }

    private static async Task<Results<Created<CreatedShareView>, ProblemHttpResult>> Create(
        Guid requestId, CreateShareBody body, HttpContext http, ClaimsPrincipal user, ShareCreation creation,
        ShareSeal seal, ShareLinks links, Tenants tenants, IOptions<SharingOptions> options,
        CancellationToken cancellationToken,
        [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey = null)
    {
        if (MakerOf(user, requestId, out var refusal) is not { } maker)
        {
            return refusal!;
        }

        if (maker == Caller.Customer
            && (ShareCreation.RoleOf(body) != ShareRole.Viewer || !options.Value.ByCustomers))
        {
            return Problems.Create(
                StatusCodes.Status403Forbidden, ErrorCodes.ShareNotAllowed,
                "Customers hand out links of the role viewer, and only where Gateway:Sharing:ByCustomers allows it.");
        }

        var errors = creation.Validate(body).Require(
            idempotencyKey is null || (idempotencyKey.Length is >= 1 and <= MaxKeyLength), "Idempotency-Key",
            $"'Idempotency-Key' must be 1 to {MaxKeyLength} characters.");
        if (errors.Any)
        {
            return Problems.Invalid(errors.ByField);
        }

        var tenant = await tenants.OfRequestAsync(requestId, cancellationToken) ?? "";
        var created = await creation.CreateAsync(requestId, body, maker, tenant, idempotencyKey, cancellationToken);
        if (created.Share is not { } share)
        {
            return ProblemOf(created.Error!.Value);
        }

        if (created.IsReplayed)
        {
            http.Response.Headers[ReplayedHeader] = "true";
        }

        var token = seal.TokenOf(share);
        http.Response.Headers.CacheControl = "no-store";
        var name = ShareView.NameOf(share.ShareId);
        return TypedResults.Created(
            $"/api/requests/{requestId:D}/shares/{name}",
            new CreatedShareView(
                name, ShareView.RoleOf(share), share.Label, PhasesView.Of(share.Phase), share.ExpiresAt,
                token.ToString(), links.Create(http.Request, token)));
    }

    private static async Task<Results<Ok<ShareList>, ProblemHttpResult>> List(
        Guid requestId, ClaimsPrincipal user, RequestRepository requests, ShareRepository shares, TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (MakerOf(user, requestId, out var refusal) is not { } maker)
        {
            return refusal!;
        }

        if (await requests.FindAsync(requestId, cancellationToken) is not { } request)
        {
            return Problems.RequestNotFound();
        }

        var all = await ListAsync(requestId, maker, user, shares, cancellationToken);
        var now = time.GetUtcNow();
        return TypedResults.Ok(new ShareList([.. all.Select(share => ShareView.Of(share, request.Status, now))]));
    }

    private static async Task<Results<Ok<ShareOpeningList>, ProblemHttpResult>> ListOpens(
        Guid requestId, string shareId, ClaimsPrincipal user, ShareRepository shares,
        CancellationToken cancellationToken)
    {
        if (MakerOf(user, requestId, out var refusal) is not { } maker)
        {
            return refusal!;
        }

        var all = await ListAsync(requestId, maker, user, shares, cancellationToken);
        return ShareView.TryParseName(shareId, out var id) && all.Any(share => share.ShareId == id)
            ? TypedResults.Ok(new ShareOpeningList(
                [.. (await shares.ListOpeningsAsync(id, MaxOpensShown, cancellationToken)).Select(ShareOpeningView.Of)]))
            : NotFound();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Revoke(
        Guid requestId, string shareId, ClaimsPrincipal user, ShareRepository shares,
        CancellationToken cancellationToken)
    {
        if (MakerOf(user, requestId, out var refusal) is not { } maker)
        {
            return refusal!;
        }

        return ShareView.TryParseName(shareId, out var id)
            && await shares.RevokeAsync(
                requestId, id, TenantOf(user, maker), OnlyOwn(maker), maker, cancellationToken)
                ? TypedResults.NoContent()
                : NotFound();
    }

    private static async Task<Results<Ok<OpenedShareView>, ProblemHttpResult>> GetOpened(
        HttpContext http, ClaimsPrincipal user, RequestRepository requests, CancellationToken cancellationToken)
    {
        if (user.Share() is not { } share || await requests.FindAsync(share.RequestId, cancellationToken) is not { } request)
        {
            return NotFound();
        }

        http.Response.Headers.CacheControl = "no-store";
        return share.IsOverAt(request.Status)
            ? ShareEnd.Over.Problem()
            : TypedResults.Ok(new OpenedShareView(
                share.RequestId, ShareView.RoleOf(share), PhasesView.Of(share.Phase), share.ExpiresAt, request.Status));
    }

    // As whom the caller makes and looks after links to the request; null: not at all.
    private static string? MakerOf(ClaimsPrincipal user, Guid requestId, out ProblemHttpResult? refusal)
    {
        refusal = null;
        if (!user.MaySee(requestId))
        {
            refusal = Problems.RequestNotFound();
            return null;
        }

        if (user.IsInRole(Caller.Analyst))
        {
            refusal = Problems.DispatcherOnly();
            return null;
        }

        return user.IsInRole(Caller.Admin) ? Caller.Admin
            : user.IsInRole(Caller.Dispatcher) ? Caller.Dispatcher
            : Caller.Customer;
    }

    private static Task<IReadOnlyList<ShareRecord>> ListAsync(
        Guid requestId, string maker, ClaimsPrincipal user, ShareRepository shares, CancellationToken cancellationToken) =>
        shares.ListAsync(requestId, TenantOf(user, maker), OnlyOwn(maker), cancellationToken);

    // A customer's request is theirs, whichever firm it is of.
    private static string? TenantOf(ClaimsPrincipal user, string maker) =>
        maker == Caller.Customer ? null : user.Tenant();

    private static string? OnlyOwn(string maker) => maker == Caller.Customer ? maker : null;

    private static ProblemHttpResult NotFound() => Problems.Create(
        StatusCodes.Status404NotFound, ErrorCodes.ShareNotFound, "There is no such link, or it is not yours.");

    private static ProblemHttpResult ProblemOf(ShareError error) => error switch
    {
        ShareError.RequestOver => Problems.Create(
            StatusCodes.Status409Conflict, ErrorCodes.RequestOver, "The request is over: there is nothing to share."),
        ShareError.TooMany => Problems.Create(
            StatusCodes.Status409Conflict, ErrorCodes.TooManyShares, "The request has as many links as it may have."),
        ShareError.KeyReused => Problems.IdempotencyKeyReused(),
        _ => Problems.RequestNotFound(),
    };
}
