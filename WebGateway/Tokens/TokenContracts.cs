using ArtMqtt.Identity;

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
/// <param name="Token">A JSON Web Token; it counts until it expires, or its key is exchanged.</param>
/// <param name="Role">In which capacity its holder comes.</param>
/// <param name="ExpiresAt">From when it counts no more, UTC.</param>
/// <param name="Subject">Who it is for, or null.</param>
/// <param name="DeviceId">The device, or null.</param>
/// <param name="RequestId">The request, or null.</param>
/// <param name="Tenant">The firm; null for none, for an admin: all.</param>
internal sealed record TokenView(
    string Token, string Role, DateTimeOffset ExpiresAt, string? Subject, string? DeviceId, Guid? RequestId, string? Tenant)
{
    public static TokenView Of(string token, TokenGrant grant) => new(
        token, grant.Role.ToString().ToLowerInvariant(), grant.ExpiresAt, grant.Subject, grant.DeviceId, grant.RequestId,
        grant.Tenant);
}
