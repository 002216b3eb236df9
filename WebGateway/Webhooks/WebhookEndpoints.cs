using System.Net;
using System.Security.Claims;
using ArtMqtt.Store.Webhooks;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Explorer;
using ArtMqtt.WebGateway.Requests;
using ArtMqtt.WebGateway.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Webhooks;

/// <summary>Who is told of events: added, changed, removed, given a new secret.</summary>
internal static class WebhookEndpoints
{
    private const int MaxUrlLength = 2_000;
    private const int MaxDescriptionLength = 200;
    private const int MaxOverlapSeconds = 30 * 24 * 3600;
    private const int MaxListed = 10_000;

    public static void MapWebhooks(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/webhooks").WithTags("Webhooks").RequireAuthorization(Policies.Dispatcher);
        group.MapPost("/", Create)
            .WithSummary("Add a webhook")
            .WithDescription(
                "From now on events of these types are sent to the address: POST, signed as Standard Webhooks says, at least "
                + "once, for 24 h. The answer holds the secret; it is shown this once.")
            .WithBodyExample("""{"url":"https://example.org/tracking","events":["request.status","geofence.enter"]}""")
            .ProducesErrors(400, 401, 403, 409, 413, 415);
        group.MapGet("/", List).WithSummary("List webhooks").ProducesErrors(401, 403);
        group.MapGet("/{id:guid}", Get).WithSummary("One webhook").WithDescription("The ETag is the version.")
            .ProducesErrors(401, 403, 404);
        group.MapPut("/{id:guid}", Change)
            .WithSummary("Change a webhook")
            .WithDescription(
                "Replaces all of it but the secret, and forgets failures: it is tried at once. With If-Match the change is made "
                + "only while it has that ETag, else 412.")
            .WithBodyExample("""{"url":"https://example.org/tracking","events":["request.status"],"enabled":false}""")
            .ProducesErrors(400, 401, 403, 404, 412, 413, 415);
        group.MapDelete("/{id:guid}", Remove)
            .WithSummary("Remove a webhook").WithDescription("With everything that waits for it.").ProducesErrors(401, 403, 404);
        group.MapPost("/{id:guid}/secret", Rotate)
            .WithSummary("Give a webhook a new secret")
            .WithDescription(
                "The answer holds it; it is shown this once. For 'overlapSeconds' (default Gateway:Webhooks:SecretOverlap, 24 h) "
                + "the old one signs too: the header then has two signatures.")
            .WithBodyExample("""{"overlapSeconds":3600}""").ProducesErrors(400, 401, 403, 404);
        group.MapDeliveries();
    }

    private static async Task<Results<Created<WebhookSecretView>, ProblemHttpResult>> Create(
        WebhookBody body, HttpContext http, ClaimsPrincipal user, WebhookEndpointRepository webhooks, WebhookSecrets secrets,
        AddressRules rules, IOptions<WebhookOptions> options, TimeProvider time, CancellationToken cancellationToken)
    {
        if (Validate(body, options.Value, rules) is { Any: true } errors)
        {
            return Problems.Invalid(errors.ByField);
        }

        var (id, secret) = (Guid.NewGuid(), WebhookSecrets.Create());
        var created = await webhooks.CreateAsync(
            id, user.Tenant() ?? "", SettingsOf(body), secrets.Protect(id, secret), options.Value.MaxEndpoints,
            cancellationToken);
        if (created is null)
        {
            return Problems.Create(
                StatusCodes.Status409Conflict, ErrorCodes.TooManyWebhooks,
                $"There are {options.Value.MaxEndpoints} webhooks; remove one first.");
        }

        http.Response.SetVersion(created.Version);
        return TypedResults.Created(
            $"/api/webhooks/{id:D}",
            new WebhookSecretView(WebhookView.Of(created, time.GetUtcNow()), WebhookSecrets.ToText(secret)));
    }

    private static async Task<Ok<WebhookList>> List(
        ClaimsPrincipal user, WebhookEndpointRepository webhooks, TimeProvider time, CancellationToken cancellationToken)
    {
        var all = await webhooks.ListAsync(user.Tenant(), MaxListed, cancellationToken);
        return TypedResults.Ok(new WebhookList([.. all.Select(one => WebhookView.Of(one, time.GetUtcNow()))]));
    }

    private static async Task<Results<Ok<WebhookView>, ProblemHttpResult>> Get(
        Guid id, HttpContext http, ClaimsPrincipal user, WebhookEndpointRepository webhooks, TimeProvider time,
        CancellationToken cancellationToken) =>
        await webhooks.FindAsync(id, user.Tenant(), cancellationToken) is { } found
            ? Shown(http, found, time)
            : Problems.WebhookNotFound();

    private static async Task<Results<Ok<WebhookView>, ProblemHttpResult>> Change(
        Guid id, WebhookBody body, HttpContext http, ClaimsPrincipal user, WebhookEndpointRepository webhooks,
        AddressRules rules, IOptions<WebhookOptions> options, TimeProvider time, CancellationToken cancellationToken)
    {
        var errors = Validate(body, options.Value, rules).Require(
            http.Request.TryReadExpectedVersion(out var version), "If-Match", "'If-Match' must be the ETag of the webhook.");
        if (errors.Any)
        {
            return Problems.Invalid(errors.ByField);
        }

        return await webhooks.ChangeAsync(id, user.Tenant(), SettingsOf(body), version, cancellationToken) switch
        {
            { Changed: { } changed } => Shown(http, changed, time),
            { Current: { } current } => Problems.VersionMismatch(current.Version),
            _ => Problems.WebhookNotFound(),
        };
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Remove(
        Guid id, ClaimsPrincipal user, WebhookEndpointRepository webhooks, CancellationToken cancellationToken) =>
        await webhooks.RemoveAsync(id, user.Tenant(), cancellationToken)
            ? TypedResults.NoContent()
            : Problems.WebhookNotFound();

    private static async Task<Results<Ok<WebhookSecretView>, ProblemHttpResult>> Rotate(
        Guid id, RotateWebhookBody? body, HttpContext http, ClaimsPrincipal user, WebhookEndpointRepository webhooks,
        WebhookSecrets secrets, IOptions<WebhookOptions> options, TimeProvider time, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors().Require(
            body?.OverlapSeconds is null or (>= 0 and <= MaxOverlapSeconds), "overlapSeconds",
            $"'overlapSeconds' must be 0 to {MaxOverlapSeconds}.");
        if (errors.Any)
        {
            return Problems.Invalid(errors.ByField);
        }

        var overlap = body?.OverlapSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : options.Value.SecretOverlap;
        var secret = WebhookSecrets.Create();
        if (await webhooks.RotateAsync(
            id, user.Tenant(), secrets.Protect(id, secret), overlap, cancellationToken) is not { } changed)
        {
            return Problems.WebhookNotFound();
        }

        http.Response.SetVersion(changed.Version);
        return TypedResults.Ok(
            new WebhookSecretView(WebhookView.Of(changed, time.GetUtcNow()), WebhookSecrets.ToText(secret)));
    }

    private static Ok<WebhookView> Shown(HttpContext http, WebhookEndpoint endpoint, TimeProvider time)
    {
        http.Response.SetVersion(endpoint.Version);
        return TypedResults.Ok(WebhookView.Of(endpoint, time.GetUtcNow()));
    }

    private static WebhookSettings SettingsOf(WebhookBody body) =>
        new(body.Url, [.. body.Events.Distinct()], body.Description, body.Enabled);

    private static FieldErrors Validate(WebhookBody body, WebhookOptions options, AddressRules rules)
    {
        var isAddress = Uri.TryCreate(body.Url, UriKind.Absolute, out var url) && body.Url.Length <= MaxUrlLength
            && url is { UserInfo: "", Fragment: "", Host.Length: > 0 }
            && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && options.AllowHttp));
        return new FieldErrors()
            .Require(
                isAddress, "url",
                $"'url' must be an {(options.AllowHttp ? "http or " : "")}https address of at most {MaxUrlLength} characters "
                + "without user name and fragment.")
            // Of names it is found out when they are called.
            .Require(
                !isAddress || !IPAddress.TryParse(url!.DnsSafeHost, out var address) || rules.Allows(address), "url",
                "'url' is a private or special address, which this server does not call.")
            .Require(
                body.Events.Count > 0 && body.Events.All(WebhookEventTypes.All.Contains), "events",
                $"'events' must be some of {string.Join(", ", WebhookEventTypes.All)}.")
            .RequireText(body.Description, "description", MaxDescriptionLength);
    }
}
