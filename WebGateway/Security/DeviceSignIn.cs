using System.Security.Cryptography;
using System.Text;
using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Security;
using Microsoft.AspNetCore.Authentication;

namespace ArtMqtt.WebGateway.Security;

/// <summary>Signs in with a device's id and secret, the user name and password of MQTT. No I/O.</summary>
/// <remarks>
/// An unknown name and a wrong secret take the same way; that a device is disabled is told only to who has its secret.
/// </remarks>
internal sealed class DeviceSignIn(
    IFleetDirectory fleet, CredentialHasher hasher, FailedAttempts failures, TimeProvider time)
{
    private const int MaxLength = 1_024;

    private readonly byte[] _nobody = RandomNumberGenerator.GetBytes(32);

    /// <summary>Checks what stands behind <c>Basic</c>; what is wrong counts against the address it comes from.</summary>
    public SignInResult SignIn(string encoded, HttpContext context)
    {
        if (!fleet.IsLoaded)
        {
            return Refused(SignInFailure.Unavailable);
        }

        var (name, secret) = Read(encoded);
        var device = DeviceIds.IsValid(name) ? fleet.FindDevice(name) : null;
        var mayBePrevious = device?.AcceptsPreviousSecret(time.GetUtcNow()) == true;
        var isCurrent = hasher.Verify(secret, device is null ? _nobody : device.SecretHash.Span);
        var isPrevious = hasher.Verify(secret, mayBePrevious ? device!.PreviousSecretHash.Span : _nobody);
        if (device is not null && (isCurrent || isPrevious))
        {
            return device.IsEnabled
                ? new SignInResult(
                    new AuthenticationTicket(
                        Caller.CreateDevice(AccessTokenHandler.SchemeName, device.DeviceId), AccessTokenHandler.SchemeName),
                    SignInFailure.None)
                : Refused(SignInFailure.DeviceDisabled);
        }

        if (device is null && !fleet.IsCurrent)
        {
            // It may have been made meanwhile.
            return Refused(SignInFailure.Unavailable);
        }

        var isExhausted = failures.IsExhausted(context);
        failures.Count(context);
        return Refused(isExhausted ? SignInFailure.Exhausted : SignInFailure.Invalid);
    }

    private static SignInResult Refused(SignInFailure failure) => new(null, failure);

    private static (string Name, byte[] Secret) Read(string encoded)
    {
        var bytes = new byte[Math.Min(encoded.Length, MaxLength)];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length))
        {
            return ("", []);
        }

        var colon = bytes.AsSpan(0, length).IndexOf((byte)':');
        return colon < 0 ? ("", []) : (Encoding.UTF8.GetString(bytes, 0, colon), bytes[(colon + 1)..length]);
    }
}
