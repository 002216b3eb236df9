using System.Security.Claims;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Store.Tokens;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Explorer;
using ArtMqtt.WebGateway.Paging;
using ArtMqtt.WebGateway.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtMqtt.WebGateway.Tokens;

/// <summary>Which tokens there are, and taking them back.</summary>
internal static class RevocationEndpoints
{
    private const int MaxPageSize = 1_000;
    private const int MaxIdLength = 255;
    private static readonly TimeSpan _longest = TimeSpan.FromDays(3_660);

    public static void MapRevocations(this RouteGroupBuilder group)
    {
        group.MapGet("/", List)
            .WithSummary("The tokens that were issued, newest first")
            .WithDescription("Without what opens. A day after it expired a token is forgotten.")
            .ProducesErrors(400, 401, 403);
        group.MapDelete("/{tokenId}", Revoke)
            .WithSummary("Take a token back")
            .WithDescription(
                "It counts no more, on every node, and what is open with it is closed: calls and streams, the hub, channels, MQTT. It cannot "
                + "be given back. Doing it twice changes nothing.")
            .ProducesErrors(401, 403, 404);
        group.MapPost("/revocations", RevokeUnknown)
            .WithSummary("Take a token of another issuer back")
            .WithDescription(
                "By its claim 'jti', for admins of all firms. 'expiresAt' is when it expires at the latest; until then it is remembered.")
            .WithBodyExample("""{"tokenId":"0b6d0ea1-2f0c-4c4d-9a0d-2f6c1b9f5a11","expiresAt":"2027-01-01T00:00:00Z"}""")
            .ProducesErrors(400, 401, 403, 413, 415);
    }

    private static async Task<Results<Ok<IssuedTokenPage>, ProblemHttpResult>> List(
        ClaimsPrincipal user, IssuedTokenRepository tokens, TimeProvider time, CancellationToken cancellationToken,
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

        var page = await tokens.ListAsync(user.Scope(), before, limit, cancellationToken);
        var now = time.GetUtcNow();
        return TypedResults.Ok(new IssuedTokenPage(
            [.. page.Select(token => IssuedTokenView.Of(token, now))], page.Count == limit ? CursorOf(page[^1]) : null));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Revoke(
        string tokenId, ClaimsPrincipal user, IssuedTokenRepository tokens, CancellationToken cancellationToken) =>
        IsId(tokenId) && await tokens.RevokeAsync(tokenId, user.Scope(), WordOf(user), cancellationToken)
            ? TypedResults.NoContent()
            : Problems.TokenNotFound();

    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeUnknown(
        RevokeTokenBody body, ClaimsPrincipal user, IssuedTokenRepository tokens, TimeProvider time,
        CancellationToken cancellationToken)
    {
        // Whose it is cannot be known from its id.
        if (user.Scope().Tenant is not null)
        {
            return Problems.TenantNotAllowed();
        }

        var now = time.GetUtcNow();
        var errors = new FieldErrors()
            .Require(
                IsId(body.TokenId), "tokenId", $"'tokenId' must be 1 to {MaxIdLength} characters.")
            .Require(
                body.ExpiresAt > now && body.ExpiresAt <= now + _longest, "expiresAt",
                "'expiresAt' must be in the future, at most ten years ahead.");
        if (errors.Any)
        {
            return Problems.Invalid(errors.ByField);
        }

        await tokens.RevokeUnknownAsync(new RevokedToken(body.TokenId, body.ExpiresAt), WordOf(user), cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>On whose word it is done, as it is written down.</summary>
    public static string WordOf(ClaimsPrincipal user) => user.Subject() ?? user.Word();

    private static bool IsId(string text) => text.Length is >= 1 and <= MaxIdLength && !text.Any(char.IsControl);

    private static string CursorOf(IssuedToken token) => new PageMark(token.IssuedAt, token.TokenId).ToString();

    private static (DateTimeOffset IssuedAt, string TokenId)? Parse(string? text) =>
        PageMark.TryParse(text, out var mark) && IsId(mark.Name) ? (mark.At, mark.Name) : null;
}
