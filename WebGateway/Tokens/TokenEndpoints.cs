using System.Security.Claims;
using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Identity;
using ArtMqtt.Store.Tokens;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Explorer;
using ArtMqtt.WebGateway.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtMqtt.WebGateway.Tokens;

/// <summary>JSON Web Tokens of this installation's own key, for those who have no authority that issues them.</summary>
internal static class TokenEndpoints
{
    private const int MaxSubjectLength = 255;
    private const int MinLifetimeSeconds = 60;
    private static readonly TimeSpan _lifetime = TimeSpan.FromHours(1);

    public static void MapTokens(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/tokens").WithTags("Tokens").RequireAuthorization(Policies.Admin);
        group.MapPost("/", Create)
            .WithSummary("Issue a JSON Web Token")
            .WithDescription("For MQTT and HTTP, on every node that has the key (Tokens:LocalKeyFile). It is shown this once.")
            .WithBodyExample("""{"role":"dispatcher","subject":"ada","tenant":"acme","lifetimeSeconds":28800}""")
            .ProducesErrors(400, 401, 403, 404, 413, 415);
        group.MapRevocations();
    }

    private static async Task<Results<Created<TokenView>, ProblemHttpResult>> Create(
        CreateTokenBody body, ClaimsPrincipal user, TokenIssuer issuer, IssuedTokenRepository tokens, Tenants tenants,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (!issuer.IsEnabled)
        {
            return Problems.TokensNotIssued();
        }

        if (Validate(body, issuer, out var role) is { Any: true } errors)
        {
            return Problems.Invalid(errors.ByField);
        }

        if (!user.MayName(body.Tenant, out var tenant))
        {
            return Problems.TenantNotAllowed();
        }

        var lifetime = body.LifetimeSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : Least(_lifetime, issuer.MaxLifetime);
        var now = time.GetUtcNow();
        var grant = new TokenGrant(role, now + lifetime)
        {
            Subject = body.Subject,
            DeviceId = body.DeviceId,
            RequestId = body.RequestId,
        };
        if (body.DeviceId is null && body.RequestId is null)
        {
            return await IssueAsync(tenant);
        }

        // What it names must be there and of the tenant; an admin of all who names none means whose it is.
        var owner = body.DeviceId is { } deviceId
            ? await tenants.OfDeviceAsync(deviceId, cancellationToken)
            : await tenants.OfRequestAsync(body.RequestId!.Value, cancellationToken);
        var scope = body.Tenant is null ? user.Scope() : TenantScope.Of(tenant);
        return owner is not null && scope.Covers(owner) ? await IssueAsync(owner)
            : body.DeviceId is not null ? Problems.DeviceNotFound(body.DeviceId)
            : Problems.RequestNotFound();

        // Written down first: what cannot be found cannot be taken back.
        async Task<Created<TokenView>> IssueAsync(string owner)
        {
            var owned = grant with { Tenant = owner.Length == 0 ? null : owner };
            var view = TokenView.Of(issuer.Issue(owned), owned);
            await tokens.AddAsync(
                new IssuedToken(view.TokenId, view.Role, owner, now, RevocationEndpoints.WordOf(user), grant.ExpiresAt)
                {
                    Subject = grant.Subject,
                    DeviceId = grant.DeviceId,
                    RequestId = grant.RequestId,
                },
                cancellationToken);
            return TypedResults.Created((string?)null, view);
        }
    }

    private static FieldErrors Validate(CreateTokenBody body, TokenIssuer issuer, out CallerRole role)
    {
        var isRole = Enum.TryParse(body.Role, ignoreCase: true, out role) && Enum.IsDefined(role)
            && string.Equals(role.ToString(), body.Role, StringComparison.OrdinalIgnoreCase);
        var hasDevice = isRole && role is CallerRole.Operator or CallerRole.Device;
        var most = (int)Math.Min(issuer.MaxLifetime.TotalSeconds, int.MaxValue);
        return new FieldErrors()
            .Require(isRole, "role", "'role' must be admin, dispatcher, analyst, operator, device or customer.")
            .Require(
                body.Subject is null || (body.Subject.Length is >= 1 and <= MaxSubjectLength && !body.Subject.Any(char.IsControl)),
                "subject", $"'subject' must be 1 to {MaxSubjectLength} characters.")
            .Require(
                hasDevice ? DeviceIds.IsValid(body.DeviceId) : body.DeviceId is null, "deviceId",
                "'deviceId' is for operators and devices, who need it.")
            .Require(
                (role == CallerRole.Customer) == body.RequestId is not null, "requestId",
                "'requestId' is for customers, who need it.")
            .Require(
                body.LifetimeSeconds is null || (body.LifetimeSeconds >= MinLifetimeSeconds && body.LifetimeSeconds <= most),
                "lifetimeSeconds", $"'lifetimeSeconds' must be {MinLifetimeSeconds} to {most}.")
            .RequireTenant(body.Tenant);
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
