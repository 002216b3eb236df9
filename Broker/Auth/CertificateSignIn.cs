using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ArtMqtt.Contracts.Fleet;

namespace ArtMqtt.Broker.Auth;

/// <summary>Decides which device shows a certificate whose chain the TLS listener has checked. No I/O.</summary>
internal sealed class CertificateSignIn(IFleetDirectory directory, CertificateIdentity certificates, TimeProvider time)
{
    /// <summary>
    /// The device that the certificate names, when it is enabled and the certificate is the one pinned to it, if one
    /// is. A user name must be that device's.
    /// </summary>
    public AuthenticationResult SignIn(in ConnectCredentials credentials)
    {
        var certificate = credentials.Certificate!;
        var deviceId = certificates.DeviceOf(certificate);
        var isNamed = deviceId is not null
            && (string.IsNullOrEmpty(credentials.UserName) || credentials.UserName == deviceId);
        var device = isNamed ? directory.FindDevice(deviceId!) : null;
        var expiresAt = new DateTimeOffset(certificate.NotAfter.ToUniversalTime());
        if (device is not { IsEnabled: true } || expiresAt <= time.GetUtcNow())
        {
            return isNamed
                ? AuthenticationResult.NotFoundOrWrong(directory, isKnown: device is not null)
                : AuthenticationResult.Refused;
        }

        var hash = HashOf(certificate);
        return device.CertificateHash.IsEmpty || device.CertificateHash.Span.SequenceEqual(hash)
            ? AuthenticationResult.Accept(ClientIdentity.Device(device.DeviceId) with
            {
                Credential = new ClientCredential(CredentialKind.Certificate, hash),
                ExpiresAt = expiresAt,
            })
            : AuthenticationResult.Refused;
    }

    private static byte[] HashOf(X509Certificate2 certificate) => certificate.GetCertHash(HashAlgorithmName.SHA256);
}
