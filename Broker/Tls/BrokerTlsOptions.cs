using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography.X509Certificates;
using ArtMqtt.Broker.Auth;

namespace ArtMqtt.Broker.Tls;

/// <summary>MQTT over TLS: where, with which certificate, and whether clients may sign in with theirs.</summary>
public sealed class BrokerTlsOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Broker:Tls";

    /// <summary>TCP port, on <see cref="BrokerOptions.Address"/>; usually 8883. Default 0: no TLS.</summary>
    [Range(0, 65_535)]
    public int Port { get; set; }

    /// <summary>PEM file with the server's certificate, then those between it and its root. Read again when it changes.</summary>
    public string CertificateFile { get; set; } = "";

    /// <summary>PEM file with the key of the certificate. Default: the same file.</summary>
    public string? KeyFile { get; set; }

    /// <summary>Password of an encrypted key file.</summary>
    public string? KeyPassword { get; set; }

    /// <summary>Whether clients are asked for a certificate: None, Allow or Require. Default None.</summary>
    public ClientCertificateMode ClientCertificate { get; set; }

    /// <summary>
    /// PEM file with the authorities whose certificates clients may show: roots, and what stands between. No other
    /// root counts, none of the machine's either. Read again when it changes.
    /// </summary>
    public string ClientCaFile { get; set; } = "";

    /// <summary>
    /// Whether clients' certificates are looked up in their authority's revocation list: NoCheck, Offline (cached
    /// lists only) or Online (a list that cannot be had refuses the client). Default NoCheck.
    /// </summary>
    public X509RevocationMode CheckRevocation { get; set; } = X509RevocationMode.NoCheck;

    /// <summary>Where a client's certificate says its device id: CommonName, SanUri or SanDns. Default CommonName.</summary>
    public SubjectSource SubjectSource { get; set; }

    /// <summary>Whether there is a TLS endpoint.</summary>
    internal bool IsOn => Port > 0;
}
