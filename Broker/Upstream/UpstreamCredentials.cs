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
}
