using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using ArtMqtt.Contracts.Security;

namespace ArtMqtt.DeviceAgent.Publishing;

/// <summary>What TLS needs for one connection: the device's certificate, and the judgement of the server's.</summary>
internal sealed class ClientTls
{
    private readonly X509Certificate2Collection _authorities;

    /// <summary>Reads the files.</summary>
    public ClientTls(DeviceCredentials credentials)
    {
        Certificates = credentials.ReadCertificate() is { } own ? [own] : [];
        _authorities = credentials.ReadAuthorities();
    }

    /// <summary>What the device shows; may be empty.</summary>
    public X509Certificate2Collection Certificates { get; }

    /// <summary>Whether the system's own judgement is not enough.</summary>
    public bool HasAuthorities => _authorities.Count > 0;

    /// <summary>Whether the server is who it should be: its name as the system sees it, its chain up to our roots.</summary>
    public bool Trusts(X509Certificate? certificate, X509Chain? presented, SslPolicyErrors errors) => HasAuthorities
        ? PrivateRoots.Trust(_authorities, certificate, presented, errors)
        : errors == SslPolicyErrors.None;
}
