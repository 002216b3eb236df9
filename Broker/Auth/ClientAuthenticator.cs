using System.Security.Cryptography;
using System.Text;
using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Identity;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Broker.Auth;

/// <summary>Decides who a client is from what it shows. No I/O.</summary>
/// <remarks>
/// An unknown name and a wrong secret take the same way and the same time, so nobody can find out which devices
/// exist; only while the database is away an unknown one is asked to come back, as it may have been made meanwhile.
/// </remarks>
internal sealed class ClientAuthenticator(
    IFleetDirectory directory, CredentialHasher hasher, DispatcherCredential dispatcher, AdminCredential admin,
    TokenValidator tokens, CertificateIdentity certificates, IOptions<ConformanceOptions> conformance, TimeProvider time)
{
    /// <summary>User name of customers; the password is the token of their link.</summary>
    public const string CustomerName = "customer";

    /// <summary>User name of dispatchers; the password is their token.</summary>
    public const string DispatcherName = "dispatcher";

    /// <summary>User name of admins; the password is their token.</summary>
    public const string AdminName = "admin";

    // Longer than any; the rest is not read.
    private const int MaxTokenBytes = 16 * 1024;

    private readonly byte[] _nobody = RandomNumberGenerator.GetBytes(32);
    private readonly TokenSignIn _tokenSignIn = new(directory, tokens);
    private readonly CertificateSignIn _certificateSignIn = new(directory, certificates, time);
    private readonly IdentityCheck _check = new(directory, tokens, time);

    /// <summary>
    /// Another number after every change of devices, requests, keys or revoked tokens: <see cref="Check"/> has to be asked again. It
    /// also depends on the clock, so ask once a second as well.
    /// </summary>
    public long Version => directory.Version + tokens.Version;

    /// <summary>Checks a client's credentials.</summary>
    /// <param name="userName">MQTT user name; when empty, the client id names the device.</param>
    /// <param name="password">MQTT password, UTF-8.</param>
    /// <param name="clientId">MQTT client id.</param>
    public AuthenticationResult Authenticate(string? userName, ReadOnlySpan<byte> password, string clientId) =>
        Authenticate(new ConnectCredentials(userName, password.ToArray(), clientId));

    /// <summary>Checks a client's credentials.</summary>
    /// <remarks>
    /// A password decides; without one the certificate does. When a device shows both, they must name the same one.
    /// </remarks>
    public AuthenticationResult Authenticate(in ConnectCredentials credentials)
    {
        if (conformance.Value.Enabled)
        {
            return AuthenticationResult.Accept(ClientIdentity.Anyone);
        }

        if (credentials.Password.IsEmpty && credentials.Certificate is not null)
        {
            return directory.IsLoaded ? _certificateSignIn.SignIn(credentials) : AuthenticationResult.Unavailable;
        }

        var result = AuthenticateByPassword(credentials);
        return result.Identity is { Kind: ClientKind.Device } device && credentials.Certificate is { } certificate
            && certificates.DeviceOf(certificate) != device.DeviceId
                ? AuthenticationResult.Refused
                : result;
    }

    /// <summary>Whether who signed in may stay: cheap, for every connection at every change.</summary>
    public IdentityStanding Check(ClientIdentity identity) => _check.Check(identity);

    /// <summary>Whether who signed in may stay.</summary>
    public bool IsStillValid(ClientIdentity identity) => Check(identity) == IdentityStanding.Valid;

    private AuthenticationResult AuthenticateByPassword(in ConnectCredentials credentials)
    {
        var password = credentials.Password.Span;
        if (tokens.IsEnabled && password.Length <= MaxTokenBytes && password.StartsWith("ey"u8)
            && Encoding.UTF8.GetString(password) is var text && TokenValidator.IsToken(text))
        {
            return _tokenSignIn.SignIn(credentials.UserName, text);
        }

        if (credentials.UserName is DispatcherName or AdminName)
        {
            return AuthenticatePerson(password, isAdmin: credentials.UserName == AdminName);
        }

        if (!directory.IsLoaded)
        {
            return AuthenticationResult.Unavailable;
        }

        return credentials.UserName == CustomerName
            ? AuthenticateCustomer(password)
            : AuthenticateDevice(
                string.IsNullOrEmpty(credentials.UserName) ? credentials.ClientId : credentials.UserName, password);
    }

    private AuthenticationResult AuthenticatePerson(ReadOnlySpan<byte> password, bool isAdmin)
    {
        var isToken = TryReadToken(password, out var token) && token.RequestId is null && token.IsAdmin == isAdmin;
        return Verify(isToken ? token.Secret : "", isAdmin ? admin.Hash.Span : dispatcher.Hash.Span) && isToken
            ? AuthenticationResult.Accept(isAdmin ? ClientIdentity.Admin : ClientIdentity.Dispatcher)
            : AuthenticationResult.Refused;
    }

    private AuthenticationResult AuthenticateCustomer(ReadOnlySpan<byte> password)
    {
        var requestId = TryReadToken(password, out var token) ? token.RequestId : null;
        var request = requestId is { } id ? directory.FindRequest(id) : null;
        var isRight = Verify(token.Secret ?? "", request is null ? _nobody : request.CustomerTokenHash.Span);
        return isRight && request is not null
            ? AuthenticationResult.Accept(ClientIdentity.Customer(request.RequestId) with
            {
                Credential = new ClientCredential(CredentialKind.Link, request.CustomerTokenHash),
            })
            : AuthenticationResult.NotFoundOrWrong(directory, isKnown: request is not null);
    }

    private AuthenticationResult AuthenticateDevice(string deviceId, ReadOnlySpan<byte> password)
    {
        var device = DeviceIds.IsValid(deviceId) ? directory.FindDevice(deviceId) : null;
        var mayBePrevious = device?.AcceptsPreviousSecret(time.GetUtcNow()) == true;
        var isCurrent = hasher.Verify(password, device is null ? _nobody : device.SecretHash.Span);
        var isPrevious = hasher.Verify(password, mayBePrevious ? device!.PreviousSecretHash.Span : _nobody);
        return (isCurrent || isPrevious) && device is { IsEnabled: true }
            ? AuthenticationResult.Accept(ClientIdentity.Device(device.DeviceId) with
            {
                Credential = new ClientCredential(
                    CredentialKind.Secret, isCurrent ? device.SecretHash : device.PreviousSecretHash),
            })
            : AuthenticationResult.NotFoundOrWrong(directory, isKnown: device is not null);
    }

    private bool Verify(string secret, ReadOnlySpan<byte> hash) => hasher.Verify(Encoding.UTF8.GetBytes(secret), hash);

    private static bool TryReadToken(ReadOnlySpan<byte> password, out AccessToken token)
    {
        const int LongestToken = 256;
        token = default;
        return password.Length <= LongestToken && AccessToken.TryParse(Encoding.UTF8.GetString(password), out token);
    }
}
