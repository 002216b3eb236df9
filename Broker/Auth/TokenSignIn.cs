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
            CallerRole.Admin or CallerRole.Dispatcher => (ClientAuthenticator.DispatcherName, AuthenticationResult.Accept(
                new ClientIdentity(ClientKind.Dispatcher, null, null, caller.Subject ?? ""))),
            CallerRole.Analyst => (AnalystName, AuthenticationResult.Accept(
                new ClientIdentity(ClientKind.Analyst, null, null, caller.Subject))),
            CallerRole.Customer => (ClientAuthenticator.CustomerName, AsCustomer(caller.RequestId!.Value)),
            _ => (caller.DeviceId!, AsDevice(caller.DeviceId!)),
        };
        if (!string.IsNullOrEmpty(userName) && userName != TokenName && userName != name)
        {
            return AuthenticationResult.Refused;
        }

        return decided.Identity is { } identity
            ? AuthenticationResult.Accept(identity with
            {
                Credential = new ClientCredential(CredentialKind.Token, caller.KeyThumbprint),
                ExpiresAt = caller.ExpiresAt,
            })
            : decided;
    }

    private AuthenticationResult AsDevice(string deviceId) =>
        Decide(directory.FindDevice(deviceId), device => device.IsEnabled, ClientIdentity.Device(deviceId));

    private AuthenticationResult AsCustomer(Guid requestId) =>
        Decide(directory.FindRequest(requestId), _ => true, ClientIdentity.Customer(requestId));

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
