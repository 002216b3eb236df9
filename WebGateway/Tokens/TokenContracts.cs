using ArtMqtt.Identity;
using ArtMqtt.Store.Tokens;

namespace ArtMqtt.WebGateway.Tokens;

/// <summary>What a token is to say.</summary>
/// <param name="Role">admin, dispatcher, analyst, operator, device or customer.</param>
/// <param name="Subject">Who it is for, at most 255 characters; dispatchers, admins and analysts are told apart by it.</param>
/// <param name="DeviceId">The device of an operator or device.</param>
/// <param name="RequestId">The request of a customer.</param>
/// <param name="Tenant">
/// The firm whose devices and requests it may know of; left out: the caller's. What it names must belong to that firm.
/// </param>
/// <param name="LifetimeSeconds">How long it counts, 60 to <c>Tokens:LocalMaxLifetime</c>; left out: an hour.</param>
internal sealed record CreateTokenBody(
    string Role, string? Subject = null, string? DeviceId = null, Guid? RequestId = null, string? Tenant = null,
    int? LifetimeSeconds = null);

/// <summary>A token, which is shown this once.</summary>
/// <param name="TokenId">Its <c>jti</c>; takes it back.</param>
/// <param name="Token">A JSON Web Token; it counts until it expires, is revoked, or its key is exchanged.</param>
/// <param name="Role">In which capacity its holder comes.</param>
/// <param name="ExpiresAt">From when it counts no more, UTC.</param>
/// <param name="Subject">Who it is for, or null.</param>
/// <param name="DeviceId">The device, or null.</param>
/// <param name="RequestId">The request, or null.</param>
/// <param name="Tenant">The firm; null for none, for an admin: all.</param>
internal sealed record TokenView(
    string TokenId, string Token, string Role, DateTimeOffset ExpiresAt, string? Subject, string? DeviceId, Guid? RequestId, string? Tenant)
{
    public static TokenView Of(string token, TokenGrant grant) => new(
        grant.TokenId.ToString("N"), token, grant.Role.ToString().ToLowerInvariant(), grant.ExpiresAt, grant.Subject, grant.DeviceId, grant.RequestId,
        grant.Tenant);
}

/// <summary>A token that was issued, without what opens.</summary>
/// <param name="TokenId">Its <c>jti</c>; takes it back.</param>
/// <param name="State">active, expired or revoked.</param>
/// <param name="Role">In which capacity its holder comes; null: another issuer made it.</param>
/// <param name="Subject">Who it is for, or null.</param>
/// <param name="DeviceId">The device, or null.</param>
/// <param name="RequestId">The request, or null.</param>
/// <param name="Tenant">The firm; null for none, for an admin: all.</param>
/// <param name="IssuedAt">When it was issued, UTC; of another issuer: when it was revoked.</param>
/// <param name="IssuedBy">Who had it issued: the subject of their token, or admin.</param>
/// <param name="ExpiresAt">From when it counts no more, UTC.</param>
/// <param name="RevokedAt">Since when it is revoked, UTC, or null.</param>
/// <param name="RevokedBy">Who revoked it, or null.</param>
internal sealed record IssuedTokenView(
    string TokenId, string State, string? Role, string? Subject, string? DeviceId, Guid? RequestId, string? Tenant,
    DateTimeOffset IssuedAt, string IssuedBy, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt, string? RevokedBy)
{
    public static IssuedTokenView Of(IssuedToken token, DateTimeOffset now) => new(
        token.TokenId, token.RevokedAt is not null ? "revoked" : token.ExpiresAt <= now ? "expired" : "active", token.Role,
        token.Subject, token.DeviceId, token.RequestId, token.Tenant.Length == 0 ? null : token.Tenant, token.IssuedAt,
        token.IssuedBy, token.ExpiresAt, token.RevokedAt, token.RevokedBy);
}

/// <summary>A page of tokens, newest first.</summary>
/// <param name="Items">The tokens.</param>
/// <param name="Next">Give it back as <c>after</c> for the next page; null on the last.</param>
internal sealed record IssuedTokenPage(IReadOnlyList<IssuedTokenView> Items, string? Next);

/// <summary>Which token of another issuer is to count no more.</summary>
/// <param name="TokenId">Its <c>jti</c>, at most 255 characters.</param>
/// <param name="ExpiresAt">When it expires at the latest: until then it is remembered. At most ten years ahead.</param>
internal sealed record RevokeTokenBody(string TokenId, DateTimeOffset ExpiresAt);
