using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ArtMqtt.Contracts.Security;

/// <summary>Judges servers by roots of one's own, instead of those of the system.</summary>
public static class PrivateRoots
{
    // id-kp-serverAuth (RFC 5280, section 4.2.1.12).
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>Whether a server is who it should be: its name as the system sees it, its chain up to one of the roots.</summary>
    /// <param name="roots">All that is trusted.</param>
    /// <param name="certificate">What the server showed.</param>
    /// <param name="presented">With what stands between.</param>
    /// <param name="errors">What the system thinks of it.</param>
    public static bool Trust(
        X509Certificate2Collection roots, X509Certificate? certificate, X509Chain? presented, SslPolicyErrors errors)
    {
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new(ServerAuthentication));
        foreach (var element in presented?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(X509CertificateLoader.LoadCertificate(certificate.GetRawCertData()));
    }
}
