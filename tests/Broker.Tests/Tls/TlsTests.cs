using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.TestKit;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Broker.Tests.Tls;

/// <summary>MQTT over TLS with Mosquitto's client and certificates of openssl.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    private const string ForClients = "extendedKeyUsage=clientAuth";
    private readonly TestCertificates _files = new();
    private readonly int _port = Ports.Free();

    public async ValueTask InitializeAsync()
    {
        await _files.MakeAuthorityAsync("ca");
        await _files.MakeServerAsync("server", "ca");
        await _files.MakeAsync("truck-1", "ca", "/CN=truck-1", ForClients);
    }

    public ValueTask DisposeAsync()
    {
        _files.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_device_signs_in_with_its_certificate_alone()
    {
        await using var node = await StartAsync("Require");
        await _files.MakeAuthorityAsync("other");
        await _files.MakeAsync("forged", "other", "/CN=truck-1", ForClients);
        await _files.MakeAsync("server-only", "ca", "/CN=truck-1", "extendedKeyUsage=serverAuth");
        await _files.MakeAsync("unknown", "ca", "/CN=truck-9", ForClients);

        Assert.Equal(0, await PublishAsync("truck-1", "truck-1"));
        Assert.Single(node.Spool.Received);
        Assert.NotEqual(0, await PublishAsync("truck-1", "forged"));
        Assert.NotEqual(0, await PublishAsync("truck-1", "server-only"));
        Assert.NotEqual(0, await PublishAsync("truck-9", "unknown"));
        Assert.NotEqual(0, await PublishAsync("truck-1", null, "-u", "truck-1", "-P", "secret-truck-1"));
        Assert.Single(node.Spool.Received);
    }

    [Fact]
    public async Task A_certificate_below_an_intermediate_authority_is_accepted()
    {
        await _files.MakeAsync("between", "ca", "/CN=between", "basicConstraints=critical,CA:TRUE,pathlen:0", "keyUsage=critical,keyCertSign");
        await _files.MakeAsync("leaf", "between", "/CN=truck-1", ForClients);
        await File.AppendAllTextAsync(
            _files["ca.pem"], await File.ReadAllTextAsync(_files["between.pem"], TestContext.Current.CancellationToken),
            TestContext.Current.CancellationToken);
        await using var node = await StartAsync("Require");

        Assert.Equal(0, await PublishAsync("truck-1", "leaf"));
    }

    [Fact]
    public async Task With_Allow_a_secret_is_enough_but_a_bad_certificate_is_not()
    {
        await using var node = await StartAsync("Allow");
        await _files.MakeAuthorityAsync("other");
        await _files.MakeAsync("forged", "other", "/CN=truck-1", ForClients);
        string[] secret = ["-u", "truck-1", "-P", "secret-truck-1"];

        Assert.Equal(0, await PublishAsync("truck-1", null, secret));
        Assert.Equal(0, await PublishAsync("truck-1", "truck-1"));
        Assert.NotEqual(0, await PublishAsync("truck-1", "forged", secret));
        Assert.NotEqual(0, await PublishAsync("truck-1", null));
    }

    [Fact]
    public async Task Without_client_certificates_it_is_TLS_for_secrets()
    {
        await using var node = await StartAsync("None");

        Assert.Equal(0, await PublishAsync("truck-1", null, "-u", "truck-1", "-P", "secret-truck-1"));
        Assert.Equal(0, await PublishAsync(
            "truck-1", null, "--tls-alpn", "mqtt", "--tls-version", "tlsv1.2", "-u", "truck-1", "-P", "secret-truck-1"));
    }

    [Fact]
    public async Task A_renewed_server_certificate_is_used_without_a_restart()
    {
        await using var node = await StartAsync("None");
        var before = await ServerThumbprintAsync();
        Assert.Equal(before, await ServerThumbprintAsync());

        await _files.MakeServerAsync("next", "ca");
        File.Copy(_files["next.key"], _files["server.key"], overwrite: true);
        File.Copy(_files["next.pem"], _files["server.pem"], overwrite: true);

        await Eventually.TrueAsync(
            async () => await ServerThumbprintAsync() != before, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_files["server.pem"], "half a file", TestContext.Current.CancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(2.5), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.NotEqual(before, await ServerThumbprintAsync());
    }

    [Theory]
    [InlineData("CertificateFile", "nothing.pem")]
    [InlineData("KeyFile", "truck-1.key")]
    [InlineData("ClientCaFile", "nothing.pem")]
    public async Task Does_not_start_with_files_that_do_not_work(string option, string file)
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(
            () => StartAsync("Require", ($"Tls:{option}", _files[file])));

        Assert.Contains("Broker:Tls:", refused.Message, StringComparison.Ordinal);
    }

    private async Task<BrokerNode> StartAsync(string mode, params (string, string)[] more)
    {
        var node = await BrokerNode.StartAsync([
            ("Tls:Port", $"{_port}"), ("Tls:CertificateFile", _files["server.pem"]), ("Tls:KeyFile", _files["server.key"]),
            ("Tls:ClientCertificate", mode), ("Tls:ClientCaFile", _files["ca.pem"]), .. more]);
        node.Fleet.AddDevice("truck-1");
        return node;
    }

    private async Task<int> PublishAsync(string deviceId, string? certificate, params string[] more)
    {
        string[] own = certificate is null
            ? []
            : ["--cert", _files[$"{certificate}.pem"], "--key", _files[$"{certificate}.key"]];
        var result = await ProcessRunner.RunAsync(
            new ProcessStartInfo("mosquitto_pub", [
                "-h", "127.0.0.1", "-p", $"{_port}", "--cafile", _files["ca.pem"], .. own, "-q", "1",
                "-t", $"art/devices/{deviceId}/position", "-m", Payloads.Json(), .. more]),
            TimeSpan.FromMinutes(1));
        return result.ExitCode;
    }

    private async Task<string> ServerThumbprintAsync()
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", _port, TestContext.Current.CancellationToken);
        using var authority = X509CertificateLoader.LoadCertificateFromFile(_files["ca.pem"]);
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { authority },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "127.0.0.1", CertificateChainPolicy = policy },
            TestContext.Current.CancellationToken);
        return tls.RemoteCertificate!.GetCertHashString();
    }
}
