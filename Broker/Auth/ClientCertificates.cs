using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using ArtMqtt.Broker.Tls;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Broker.Auth;

/// <summary>
/// Whether a client's certificate may be believed: issued for clients by an authority of ours, not over, and not taken
/// back. Which device it names is read by <see cref="CertificateIdentity"/>.
/// </summary>
internal sealed class ClientCertificates
{
    private const string ForClients = "1.3.6.1.5.5.7.3.2";
    private readonly BrokerTlsOptions _options;
    private readonly ReloadedFiles<X509Certificate2Collection> _authorities;

    public ClientCertificates(IOptions<BrokerTlsOptions> options, TimeProvider time, ILogger<ClientCertificates> logger)
    {
        _options = options.Value;
        _authorities = new ReloadedFiles<X509Certificate2Collection>(
            [_options.ClientCaFile], () => CertificateFiles.ReadAll(_options.ClientCaFile), time, logger);
    }

    /// <summary>Whether clients are asked for one.</summary>
    public bool AreAskedFor => _options.ClientCertificate != ClientCertificateMode.None;

    /// <summary>How a chain is built and checked: with our authorities only, and nothing fetched but what is asked for.</summary>
    public X509ChainPolicy CreatePolicy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = _options.CheckRevocation,
            RevocationFlag = X509RevocationFlag.ExcludeRoot,
            DisableCertificateDownloads = true,
        };
        policy.ApplicationPolicy.Add(new(ForClients));
        foreach (var authority in _authorities.Current)
        {
            var isRoot = authority.SubjectName.RawData.AsSpan().SequenceEqual(authority.IssuerName.RawData);
            (isRoot ? policy.CustomTrustStore : policy.ExtraStore).Add(authority);
        }

        return policy;
    }

    /// <summary>Whether the handshake goes on; the chain was built with <see cref="CreatePolicy"/>.</summary>
    public bool Accepts(X509Certificate? certificate, SslPolicyErrors errors) => certificate is null
        ? _options.ClientCertificate != ClientCertificateMode.Require
        : errors == SslPolicyErrors.None;

    /// <summary>The same with a chain of its own, for listeners that build none with our policy.</summary>
    public bool Accepts(X509Certificate2? certificate)
    {
        if (certificate is null)
        {
            return Accepts(null, SslPolicyErrors.RemoteCertificateNotAvailable);
        }

        using var chain = new X509Chain { ChainPolicy = CreatePolicy() };
        return chain.Build(certificate);
    }
}
