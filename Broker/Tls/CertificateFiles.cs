using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ArtMqtt.Broker.Tls;

/// <summary>Reads certificates from PEM files.</summary>
internal static class CertificateFiles
{
    /// <summary>The server's certificate with its key, and what the file holds between it and its root.</summary>
    /// <exception cref="CryptographicException">A file is no PEM, or the key is another one's.</exception>
    public static SslStreamCertificateContext ReadServer(BrokerTlsOptions options)
    {
        var keyFile = string.IsNullOrEmpty(options.KeyFile) ? options.CertificateFile : options.KeyFile;
        var certificate = string.IsNullOrEmpty(options.KeyPassword)
            ? X509Certificate2.CreateFromPemFile(options.CertificateFile, keyFile)
            : X509Certificate2.CreateFromEncryptedPemFile(options.CertificateFile, options.KeyPassword, keyFile);
        var chain = ReadAll(options.CertificateFile);
        chain.Remove(chain[0]);
        return SslStreamCertificateContext.Create(certificate, chain, offline: true);
    }

    /// <summary>All certificates of a file; at least one.</summary>
    /// <exception cref="CryptographicException">There is none.</exception>
    public static X509Certificate2Collection ReadAll(string path)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPemFile(path);
        return certificates.Count > 0 ? certificates : throw new CryptographicException($"{path} holds no certificate.");
    }
}
