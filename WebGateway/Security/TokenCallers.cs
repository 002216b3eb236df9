using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Identity;
using Microsoft.AspNetCore.Authentication;

namespace ArtMqtt.WebGateway.Security;

/// <summary>Signs in with a JSON Web Token, the same that devices and browsers show over MQTT. No I/O.</summary>
internal sealed class TokenCallers(TokenValidator tokens, IFleetDirectory fleet)
{
    /// <summary>Whether the text is one to look at.</summary>
    public bool Takes(string text) => tokens.IsEnabled && TokenValidator.IsToken(text);

    /// <summary>Checks a token; the ticket ends with it.</summary>
    public SignInResult SignIn(string text)
    {
        var result = tokens.Validate(text);
        if (result.Caller is not { } caller)
        {
            return Refused(
                result.IsUnavailable ? SignInFailure.Unavailable
                : result.IsRevoked ? SignInFailure.TokenRevoked
                : SignInFailure.Invalid);
        }

        if (caller.DeviceId is { } deviceId && fleet.FindDevice(deviceId) is not { IsEnabled: true })
        {
            return Refused(
                !fleet.IsCurrent && fleet.FindDevice(deviceId) is null ? SignInFailure.Unavailable : SignInFailure.Invalid);
        }

        if (IsOfAnotherTenant(caller))
        {
            return Refused(SignInFailure.Invalid);
        }

        var user = Caller.Create(AccessTokenHandler.SchemeName, caller);
        return new SignInResult(
            new AuthenticationTicket(
                user, new AuthenticationProperties { ExpiresUtc = caller.ExpiresAt }, AccessTokenHandler.SchemeName),
            SignInFailure.None);
    }

    private static SignInResult Refused(SignInFailure failure) => new(null, failure);

    // A token that names a tenant and a device or request of another one is wrong. Requests that are over are not at hand:
    // TenantGate holds their customers to the tenant.
    private bool IsOfAnotherTenant(TokenCaller caller) => caller.Tenant is { } tenant
        && ((caller.DeviceId is { } deviceId && fleet.FindDevice(deviceId)?.Tenant != tenant)
            || (caller.RequestId is { } requestId && (fleet.FindTenant(requestId) ?? tenant) != tenant));
}
