using System.Net.Security;
using System.Security.Authentication;
using ArtMqtt.Broker.Auth;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Broker.Tls;

/// <summary>The handshake of the TLS endpoint, with the certificates as they are now.</summary>
internal sealed class TlsListener
{
    private readonly ClientCertificates _clients;
    private readonly TimeSpan _timeout;
    private readonly ReloadedFiles<SslStreamCertificateContext> _server;

    public TlsListener(
        IOptions<BrokerTlsOptions> options, IOptions<BrokerOptions> broker, ClientCertificates clients,
        TimeProvider time, ILogger<TlsListener> logger)
    {
        var tls = options.Value;
        _clients = clients;
        _timeout = broker.Value.ConnectTimeout;
        _server = new ReloadedFiles<SslStreamCertificateContext>(
            [tls.CertificateFile, tls.KeyFile ?? tls.CertificateFile], () => CertificateFiles.ReadServer(tls), time, logger);
    }

    /// <summary>For <c>UseHttps</c>, which is TLS whatever follows.</summary>
    public TlsHandshakeCallbackOptions CreateOptions() => new()
    {
        HandshakeTimeout = _timeout,
        OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = _server.Current,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ApplicationProtocols = [new("mqtt")],
            ClientCertificateRequired = _clients.AreAskedFor,
            CertificateChainPolicy = _clients.AreAskedFor ? _clients.CreatePolicy() : null,
            RemoteCertificateValidationCallback = (_, certificate, _, errors) => _clients.Accepts(certificate, errors),
        }),
    };
}
