using System.Security.Cryptography;
using System.Text;
using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Security;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Broker.Auth;

/// <summary>Decides who a client is from its user name and password.</summary>
/// <remarks>
/// An unknown name and a wrong secret take the same way and the same time, so nobody can find out which devices
/// exist; only while the database is away an unknown one is asked to come back, as it may have been made meanwhile.
/// </remarks>
internal sealed class ClientAuthenticator(
    IFleetDirectory directory, CredentialHasher hasher, DispatcherCredential dispatcher,
    IOptions<ConformanceOptions> conformance)
{
    /// <summary>User name of customers; the password is the token of their link.</summary>
    public const string CustomerName = "customer";

    /// <summary>User name of dispatchers; the password is their token.</summary>
    public const string DispatcherName = "dispatcher";

    private readonly byte[] _nobody = RandomNumberGenerator.GetBytes(32);

    /// <summary>Checks a client's credentials.</summary>
    /// <param name="userName">MQTT user name; when empty, the client id names the device.</param>
    /// <param name="password">MQTT password, UTF-8.</param>
    /// <param name="clientId">MQTT client id.</param>
    public AuthenticationResult Authenticate(string? userName, ReadOnlySpan<byte> password, string clientId)
    {
        if (conformance.Value.Enabled)
        {
            return AuthenticationResult.Accept(ClientIdentity.Anyone);
        }

        if (userName == DispatcherName)
        {
            return AuthenticateDispatcher(password);
        }

        if (!directory.IsLoaded)
        {
            return AuthenticationResult.Unavailable;
        }

        return userName == CustomerName
            ? AuthenticateCustomer(password)
            : AuthenticateDevice(string.IsNullOrEmpty(userName) ? clientId : userName, password);
    }

    private AuthenticationResult AuthenticateDispatcher(ReadOnlySpan<byte> password)
    {
        var isToken = TryReadToken(password, out var token) && token.RequestId is null;
        return Verify(isToken ? token.Secret : "", dispatcher.Hash.Span) && isToken
            ? AuthenticationResult.Accept(ClientIdentity.Dispatcher)
            : AuthenticationResult.Refused;
    }

    private AuthenticationResult AuthenticateCustomer(ReadOnlySpan<byte> password)
    {
        var requestId = TryReadToken(password, out var token) ? token.RequestId : null;
        var request = requestId is { } id ? directory.FindRequest(id) : null;
        var isRight = Verify(token.Secret ?? "", request is null ? _nobody : request.CustomerTokenHash.Span);
        return isRight && request is not null
            ? AuthenticationResult.Accept(ClientIdentity.Customer(request.RequestId))
            : Refuse(isKnown: request is not null);
    }

    private AuthenticationResult AuthenticateDevice(string deviceId, ReadOnlySpan<byte> password)
    {
        var device = DeviceIds.IsValid(deviceId) ? directory.FindDevice(deviceId) : null;
        var isRight = hasher.Verify(password, device is null ? _nobody : device.SecretHash.Span);
        return isRight && device is { IsEnabled: true }
            ? AuthenticationResult.Accept(ClientIdentity.Device(device.DeviceId))
            : Refuse(isKnown: device is not null);
    }

    // A device made a moment before the database went may be missing in what was kept: it must not give up its secret.
    private AuthenticationResult Refuse(bool isKnown) =>
        isKnown || directory.IsCurrent ? AuthenticationResult.Refused : AuthenticationResult.Unavailable;

    private bool Verify(string secret, ReadOnlySpan<byte> hash) => hasher.Verify(Encoding.UTF8.GetBytes(secret), hash);

    private static bool TryReadToken(ReadOnlySpan<byte> password, out AccessToken token)
    {
        const int LongestToken = 256;
        token = default;
        return password.Length <= LongestToken && AccessToken.TryParse(Encoding.UTF8.GetString(password), out token);
    }
}
