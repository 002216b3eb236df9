using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Identity;
using Microsoft.AspNetCore.Authentication;

namespace ArtMqtt.WebGateway.Security;

/// <summary>Signs in with a JSON Web Token, the same that devices and browsers show over MQTT. No I/O.</summary>
internal sealed class TokenCallers(TokenValidator tokens, IFleetDirectory fleet)
{
    /// <summary>Whether the text is one to look at.</summary>
    public bool Takes(string text) => tokens.IsEnabled && TokenValidator.IsToken(text);

    /// <summary>The ticket, which ends with the token; null when it is refused.</summary>
    /// <param name="text">The token.</param>
    /// <param name="isUnavailable">Nobody can tell at this moment; it may be tried again.</param>
    public AuthenticationTicket? SignIn(string text, out bool isUnavailable)
    {
        var result = tokens.Validate(text);
        isUnavailable = result.IsUnavailable;
        if (result.Caller is not { } caller)
        {
            return null;
        }

        if (caller.DeviceId is { } deviceId && fleet.FindDevice(deviceId) is not { IsEnabled: true })
        {
            isUnavailable = !fleet.IsCurrent && fleet.FindDevice(deviceId) is null;
            return null;
        }

        if (IsOfAnotherTenant(caller))
        {
            return null;
        }

        var user = Caller.Create(AccessTokenHandler.SchemeName, caller);
        return new AuthenticationTicket(
            user, new AuthenticationProperties { ExpiresUtc = caller.ExpiresAt }, AccessTokenHandler.SchemeName);
    }

    // A token that names a tenant and a device or request of another one is wrong. Requests that are over are not at hand:
    // TenantGate holds their customers to the tenant.
    private bool IsOfAnotherTenant(TokenCaller caller) => caller.Tenant is { } tenant
        && ((caller.DeviceId is { } deviceId && fleet.FindDevice(deviceId)?.Tenant != tenant)
            || (caller.RequestId is { } requestId && (fleet.FindTenant(requestId) ?? tenant) != tenant));
}
