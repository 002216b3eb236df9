using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Identity;

namespace ArtMqtt.Broker.Auth;

/// <summary>Decides who the holder of a JSON Web Token is here. No I/O.</summary>
internal sealed class TokenSignIn(IFleetDirectory directory, TokenValidator tokens)
{
    /// <summary>User name that says only: look at the token.</summary>
    public const string TokenName = "token";

    /// <summary>User name of analysts.</summary>
    public const string AnalystName = "analyst";

    /// <summary>Checks the token.</summary>
    /// <param name="userName">Empty, <see cref="TokenName"/>, or what the token says as well.</param>
    /// <param name="token">The MQTT password.</param>
    public AuthenticationResult SignIn(string? userName, string token)
    {
        var result = tokens.Validate(token);
        if (result.Caller is not { } caller)
        {
            return result.IsUnavailable ? AuthenticationResult.Unavailable : AuthenticationResult.Refused;
        }

        var (name, decided) = caller.Role switch
        {
            CallerRole.Admin => (ClientAuthenticator.AdminName, AsReader(ClientKind.Admin, caller)),
            CallerRole.Dispatcher => (ClientAuthenticator.DispatcherName, AsReader(ClientKind.Dispatcher, caller)),
            CallerRole.Analyst => (AnalystName, AsReader(ClientKind.Analyst, caller)),
            CallerRole.Customer => (ClientAuthenticator.CustomerName, AsCustomer(caller)),
            _ => (caller.DeviceId!, AsDevice(caller)),
        };
        if (!string.IsNullOrEmpty(userName) && userName != TokenName && userName != name)
        {
            return AuthenticationResult.Refused;
        }

        return decided.Identity is { } identity
            ? AuthenticationResult.Accept(identity with
            {
                Credential = new ClientCredential(CredentialKind.Token, caller.KeyThumbprint) { TokenId = caller.TokenId },
                ExpiresAt = caller.ExpiresAt,
            })
            : decided;
    }

    private static AuthenticationResult AsReader(ClientKind kind, TokenCaller caller) => AuthenticationResult.Accept(
        new ClientIdentity(kind, null, null, caller.Subject ?? "", caller.Tenant ?? ""));

    // What the token names must be of the tenant it names, if it names one.
    private AuthenticationResult AsDevice(TokenCaller caller) => Decide(
        directory.FindDevice(caller.DeviceId!),
        device => device.IsEnabled && (caller.Tenant is null || caller.Tenant == device.Tenant),
        ClientIdentity.Device(caller.DeviceId!));

    private AuthenticationResult AsCustomer(TokenCaller caller) => Decide(
        directory.FindRequest(caller.RequestId!.Value),
        request => caller.Tenant is null || caller.Tenant == request.Tenant,
        ClientIdentity.Customer(caller.RequestId!.Value));

    private AuthenticationResult Decide<T>(T? known, Func<T, bool> isRight, ClientIdentity identity)
        where T : class
    {
        if (!directory.IsLoaded)
        {
            return AuthenticationResult.Unavailable;
        }

        return known is not null && isRight(known)
            ? AuthenticationResult.Accept(identity)
            : AuthenticationResult.NotFoundOrWrong(directory, isKnown: known is not null);
    }
}
