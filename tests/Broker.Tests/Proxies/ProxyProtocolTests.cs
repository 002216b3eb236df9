using System.Diagnostics;
using System.Text;
using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Contracts.Clients;
using ArtMqtt.Contracts.Security;
using ArtMqtt.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ArtMqtt.Broker.Tests.Proxies;

/// <summary>Behind a balancer, a client is of the address that it has, not of the balancer's.</summary>
public sealed class ProxyProtocolTests
{
    private const string Refused = "artmqtt.broker.connects.refused";
    private static readonly (string, string) _trust = ("ProxyProtocol:TrustedProxies:0", "127.0.0.1/32");

    [Theory]
    [InlineData("send-proxy")]
    [InlineData("send-proxy-v2")]
    public async Task Clients_have_their_own_address(string header)
    {
        await using var node = await BrokerNode.StartAsync([_trust], devices: "truck-1");
        using var balancer = await Balancer.StartAsync(node.Port, header);

        using var subscriber = new Mosquitto.Subscriber(
            [.. At(balancer.Port, "127.0.0.7"), "-d", "-u", "truck-1", "-P", "secret-truck-1", "-t", "art/devices/truck-1/control"]);
        await subscriber.SubscribedAsync();
        var client = Assert.Single(node.Services.GetRequiredService<IConnectedClients>().List(TenantScope.All));

        Assert.Equal("127.0.0.7", client.Address);
    }

    [Fact]
    public async Task Clients_have_their_own_address_with_TLS_and_a_certificate()
    {
        using var files = new TestCertificates();
        await files.MakeAuthorityAsync("ca");
        await files.MakeServerAsync("server", "ca");
        await files.MakeAsync("truck-1", "ca", "/CN=truck-1", "extendedKeyUsage=clientAuth");
        var port = Ports.Free();
        await using var node = await BrokerNode.StartAsync(
            [
                _trust, ("Tls:Port", $"{port}"), ("Tls:CertificateFile", files["server.pem"]), ("Tls:KeyFile", files["server.key"]),
                ("Tls:ClientCertificate", "Require"), ("Tls:ClientCaFile", files["ca.pem"]),
            ],
            devices: "truck-1");
        using var balancer = await Balancer.StartAsync(port, "send-proxy-v2");

        using var subscriber = new Mosquitto.Subscriber(
            [
                .. At(balancer.Port, "127.0.0.7"), "-d", "--cafile", files["ca.pem"], "--cert", files["truck-1.pem"], "--key", files["truck-1.key"],
                "-i", "truck-1", "-t", "art/devices/truck-1/control",
            ]);
        await subscriber.SubscribedAsync();
        var client = Assert.Single(node.Services.GetRequiredService<IConnectedClients>().List(TenantScope.All));

        Assert.Equal(("127.0.0.7", "truck-1"), (client.Address, client.DeviceId));
    }

    [Fact]
    public async Task Who_tries_secrets_is_shut_out_and_nobody_else_behind_the_balancer()
    {
        await using var node = await BrokerNode.StartAsync([_trust, ("SignIn:MaxFailuresPerMinute", "2")], devices: "truck-1");
        using var balancer = await Balancer.StartAsync(node.Port, "send-proxy-v2");

        for (var i = 0; i < 2; i++)
        {
            Assert.NotEqual(0, await PublishAsync(balancer.Port, "127.0.0.66", "a guess"));
        }

        Assert.NotEqual(0, await PublishAsync(balancer.Port, "127.0.0.66", "secret-truck-1"));
        Assert.Equal(0, await PublishAsync(balancer.Port, "127.0.0.7", "secret-truck-1"));
    }

    [Fact]
    public async Task Connections_are_limited_by_their_own_address()
    {
        await using var node = await BrokerNode.StartAsync([_trust, ("MaxConnectionsPerAddress", "1")], devices: "truck-1");
        using var one = await RawMqtt.OpenAsync(node.Port);
        await one.SendAsync(Header("192.0.2.1"));
        await one.SendAsync(RawMqtt.Connect("truck-1", "truck-1", "secret-truck-1"));
        await one.ReadAsync(4);

        using var same = await RawMqtt.OpenAsync(node.Port);
        await same.SendAsync(Header("192.0.2.1"));
        using var other = await RawMqtt.OpenAsync(node.Port);
        await other.SendAsync([.. Header("192.0.2.2"), .. RawMqtt.Connect("truck-1", "truck-1", "secret-truck-1")]);

        Assert.Empty(await same.ReadToEndAsync());
        Assert.Equal([0x20, 0x02, 0x00, 0x00], await other.ReadAsync(4));
    }

    [Fact]
    public async Task A_trusted_balancer_must_say_it_and_others_must_not()
    {
        var log = new RecordingLog();
        await using var node = await BrokerNode.StartAsync([("ProxyProtocol:TrustedProxies:0", "127.0.0.9/32")], log: log, devices: "truck-1");

        // Of the balancer, but without a header; then of somebody who says to be someone else.
        Assert.NotEqual(0, await PublishAsync(node.Port, "127.0.0.9", "secret-truck-1"));
        using var liar = await RawMqtt.OpenAsync(node.Port);
        await liar.SendAsync([.. Header("192.0.2.1"), .. RawMqtt.Connect("truck-1", "truck-1", "secret-truck-1")]);
        Assert.Empty(await liar.ReadToEndAsync());

        Assert.Equal(0, await PublishAsync(node.Port, "127.0.0.8", "secret-truck-1"));
        Assert.Contains(log.Lines, line => line.Contains("Refused a connection of the balancer 127.0.0.9", StringComparison.Ordinal)
            && line.Contains("Broker:ProxyProtocol:TrustedProxies", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_header_that_does_not_come_ends_the_connection_and_one_that_looks_at_the_port_is_no_fault()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var node = await BrokerNode.StartAsync([_trust], time);
        using var refused = new CountedMeasurements(node.Services, Refused);
        using (var check = await RawMqtt.OpenAsync(node.Port))
        {
            check.FinishSending();
            Assert.Empty(await check.ReadToEndAsync());
        }

        using var silent = await RawMqtt.OpenAsync(node.Port);
        await silent.SendAsync("PROXY TC"u8.ToArray());
        var end = silent.ReadToEndAsync();
        await Soon.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(6));
            return end.IsCompleted;
        });

        Assert.Empty(await end);
        Assert.Equal(["reason=proxy_header"], refused.Tags);
    }

    [Fact]
    public async Task What_is_no_network_stops_the_start()
    {
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(
            () => BrokerNode.StartAsync([("ProxyProtocol:TrustedProxies:0", "balancer")]));

        Assert.Contains("Broker:ProxyProtocol:TrustedProxies must be networks", fault.Message, StringComparison.Ordinal);
    }

    private static byte[] Header(string address) => Encoding.ASCII.GetBytes($"PROXY TCP4 {address} 127.0.0.1 50000 1883\r\n");

    private static string[] At(int port, string from) => ["-h", "127.0.0.1", "-p", $"{port}", "-A", from];

    private static async Task<int> PublishAsync(int port, string from, string secret) => (await ProcessRunner.RunAsync(
        new ProcessStartInfo(
            "mosquitto_pub",
            [.. At(port, from), "-u", "truck-1", "-P", secret, "-q", "1", "-t", "art/devices/truck-1/position", "-m", Payloads.Json()]),
        TimeSpan.FromMinutes(1))).ExitCode;
}
