using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using ArtMqtt.Broker.Tls;

namespace ArtMqtt.Broker.Upstream;

/// <summary>
/// How we prove to the upstream broker who we are, and whom we trust. Files are read anew for every connection: what is renewed
/// there counts from the next one on.
/// </summary>
internal sealed class UpstreamCredentials(UpstreamOptions options)
{
    /// <summary>The password, or null.</summary>
    public string? ReadPassword() => string.IsNullOrEmpty(options.PasswordFile)
        ? null
        : File.ReadLines(options.PasswordFile).FirstOrDefault()?.Trim() is { Length: > 0 } line
            ? line
            : throw new IOException("The file is empty.");

    /// <summary>Our certificate with its key, or null.</summary>
    public X509Certificate2? ReadCertificate() => string.IsNullOrEmpty(options.CertificateFile)
        ? null
        : X509Certificate2.CreateFromPemFile(
            options.CertificateFile, string.IsNullOrEmpty(options.KeyFile) ? options.CertificateFile : options.KeyFile);

    /// <summary>The only roots that are trusted; null: those of the system.</summary>
    public X509Certificate2Collection? ReadAuthorities() =>
        string.IsNullOrEmpty(options.CaFile) ? null : CertificateFiles.ReadAll(options.CaFile);

    /// <summary>Whether a server is who it should be: its name as the system sees it, its chain up to our roots.</summary>
    /// <param name="authorities">The roots.</param>
    /// <param name="certificate">What the server showed.</param>
    /// <param name="presented">With what stands between.</param>
    /// <param name="errors">What the system thinks of it.</param>
    public static bool Trusts(
        X509Certificate2Collection authorities, X509Certificate? certificate, X509Chain? presented, SslPolicyErrors errors)
    {
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new("1.3.6.1.5.5.7.3.1"));
        foreach (var element in presented?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(X509CertificateLoader.LoadCertificate(certificate.GetRawCertData()));
    }
}
