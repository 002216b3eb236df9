using System.Globalization;
using System.Security.Claims;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Positions;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Explorer;
using ArtMqtt.WebGateway.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtMqtt.WebGateway.Letters;

/// <summary>What was sent and could not become a position: looked at, taken in again, thrown away.</summary>
internal static class LetterEndpoints
{
    private const int MaxPageSize = 500;
    private const int MaxDiscarded = 5_000;

    public static void MapLetters(this IEndpointRouteBuilder app)
    {
        app.MapGroup("/api/dead-letters").WithTags("Operations").RequireAuthorization(Policies.Dispatcher).MapGet("/", List)
            .WithSummary("Payloads that could not become positions, newest first")
            .WithDescription("Without what was sent, which only admins see. 'code' and 'device' keep those with that reason or device.")
            .ProducesErrors(400, 401, 403);
        var admin = app.MapGroup("/api/dead-letters").WithTags("Operations").RequireAuthorization(Policies.Admin);
        admin.MapGet("/{letterId}", Get).WithSummary("One dead letter with what was sent").ProducesErrors(401, 403, 404);
        admin.MapPost("/{letterId}/retry", Retry)
            .WithSummary("Take a dead letter in again")
            .WithDescription(
                "By the rules of today, as if it were published again: a letter that is good now becomes positions and is removed; "
                + "another stays, with its new reason. Nothing of it is shown live.")
            .ProducesErrors(401, 403, 404, 503);
        admin.MapPost("/retry", RetryAll)
            .WithSummary("Take dead letters in again, at most 500 a call")
            .WithDescription("Those that 'code' and 'device' keep, newest first. When there are more, 'next' goes on as 'before'.")
            .ProducesErrors(400, 401, 403, 503);
        admin.MapDelete("/{letterId}", Discard).WithSummary("Throw a dead letter away").ProducesErrors(401, 403, 404);
        admin.MapDelete("/", DiscardAll)
            .WithSummary("Throw dead letters away, at most 5,000 a call")
            .WithDescription("Those that 'code' and 'device' keep, oldest first; without either, all.")
            .ProducesErrors(400, 401, 403);
    }

    private static async Task<Results<Ok<LetterPage>, ProblemHttpResult>> List(
        ClaimsPrincipal user, DeadLetterRepository letters, CancellationToken cancellationToken,
        string? code = null, string? device = null, long? before = null, int limit = 100)
    {
        if (limit is < 1 or > MaxPageSize)
        {
            return Problems.Invalid(new FieldErrors().Require(false, "limit", $"'limit' must be 1 to {MaxPageSize}.").ByField);
        }

        var filter = new DeadLetterFilter(user.Scope(), code, device);
        var page = await letters.ListAsync(filter, before ?? long.MaxValue, limit, cancellationToken);
        return TypedResults.Ok(new LetterPage(
            page, page.Count == limit ? page[^1].Id : null,
            before is null ? await letters.CountAsync(new DeadLetterFilter(user.Scope()), cancellationToken) : null));
    }

    private static async Task<Results<Ok<LetterView>, ProblemHttpResult>> Get(
        string letterId, ClaimsPrincipal user, DeadLetterRepository letters, CancellationToken cancellationToken)
    {
        if (await FindAsync(letterId, user, letters, cancellationToken) is not { } letter)
        {
            return Problems.LetterNotFound();
        }

        var text = PayloadText.Of(letter.Payload.Span);
        return TypedResults.Ok(new LetterView(
            letter.ReceivedAt, letter.DeviceId, letter.Topic, letter.Code, letter.Detail, text,
            text is null ? Convert.ToHexStringLower(letter.Payload.Span) : null,
            letter.IsCut, letter.ContentType, letter.Size));
    }

    private static async Task<Results<Ok<RetryView>, ProblemHttpResult>> Retry(
        string letterId, ClaimsPrincipal user, DeadLetterRepository letters, LetterRetry retry,
        CancellationToken cancellationToken) =>
        await FindAsync(letterId, user, letters, cancellationToken) is not { } letter ? Problems.LetterNotFound()
        : !retry.IsHere ? Problems.BrokerNotHere()
        : TypedResults.Ok(await retry.RetryAsync(
            new DeadLetterFilter(user.Scope()), long.Parse(letterId, CultureInfo.InvariantCulture), letter, cancellationToken));

    private static async Task<Results<Ok<RetryView>, ProblemHttpResult>> RetryAll(
        ClaimsPrincipal user, LetterRetry retry, CancellationToken cancellationToken,
        string? code = null, string? device = null, long? before = null) =>
        await retry.RetryAllAsync(
            new DeadLetterFilter(user.Scope(), code, device), before ?? long.MaxValue, cancellationToken) is { } done
                ? TypedResults.Ok(done)
                : Problems.BrokerNotHere();

    private static async Task<Results<NoContent, ProblemHttpResult>> Discard(
        string letterId, ClaimsPrincipal user, DeadLetterRepository letters, CancellationToken cancellationToken) =>
        TryParse(letterId, out var id)
        && await letters.DeleteOneAsync(new DeadLetterFilter(user.Scope()), id, cancellationToken)
            ? TypedResults.NoContent()
            : Problems.LetterNotFound();

    private static async Task<Ok<DiscardView>> DiscardAll(
        ClaimsPrincipal user, DeadLetterRepository letters, CancellationToken cancellationToken,
        string? code = null, string? device = null)
    {
        var removed = await letters.DeleteAsync(
            new DeadLetterFilter(user.Scope(), code, device), MaxDiscarded, cancellationToken);
        return TypedResults.Ok(new DiscardView(removed, removed == MaxDiscarded));
    }

    private static Task<RejectedPayload?> FindAsync(
        string letterId, ClaimsPrincipal user, DeadLetterRepository letters, CancellationToken cancellationToken) =>
        TryParse(letterId, out var id)
            ? letters.FindAsync(new DeadLetterFilter(user.Scope()), id, cancellationToken)
            : Task.FromResult<RejectedPayload?>(null);

    private static bool TryParse(string letterId, out long id) =>
        long.TryParse(letterId, NumberStyles.None, CultureInfo.InvariantCulture, out id);
}
