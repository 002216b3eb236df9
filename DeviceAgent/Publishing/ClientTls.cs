using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

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
    public bool Trusts(X509Certificate? certificate, X509Chain? presented, SslPolicyErrors errors)
    {
        if (!HasAuthorities || certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0)
        {
            return errors == SslPolicyErrors.None;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new("1.3.6.1.5.5.7.3.1"));
        foreach (var element in presented?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(X509CertificateLoader.LoadCertificate(certificate.GetRawCertData()));
    }
}
