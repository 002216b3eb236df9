using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using ArtMqtt.EndToEnd.Tests.Servers;
using ArtMqtt.TestKit;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>Starts of the node, good and bad.</summary>
public sealed partial class StartTests(TimescaleServer server)
{
    private const string Nowhere = "Host=127.0.0.1;Port=1;Username=nobody;Database=none";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Theory]
    [InlineData("--Broker:Port", "99999", "Broker:Port is '99999'", "between 0 and 65535")]
    [InlineData("--Http:Port", "0", "Http:Port is '0'", "between 1 and 65535")]
    [InlineData("--Ingest:Batch:MaxRecords", "0", "Ingest:Batch:MaxRecords is '0'", "between 1 and 100000")]
    [InlineData("--Broker:MaxKeepAlive", "1.00:00:00", "Broker:MaxKeepAlive is '1.00:00:00'", "between 00:00:30 and 18:00:00")]
    [InlineData("--Broker:Port", "many", "Broker:Port", "many")]
    [InlineData("--roles=gateway", "--ConnectionStrings:Timescale=", "Roles leaves some to other nodes", "ConnectionStrings:Timescale")]
    [InlineData("--Broker:MaxConections", "50", "Broker:MaxConections: there is no such setting", "Broker:MaxConnections is meant")]
    [InlineData("--Broker:Sigin:MaxFailuresPerMinute", "5", "no such setting", "Broker:SignIn:MaxFailuresPerMinute is meant")]
    [InlineData("--Brokre:Port", "1883", "Brokre:Port: there is no such setting", "Broker:Port is meant")]
    [InlineData("--Ingest:Retention:Fleet:north:Positions", "30", "no such setting", "Ingest:Retention:Fleets:north:Positions")]
    [InlineData("--Store:Colour", "blue", "Store:Colour: there is no such setting", "docs/operations.md")]
    [InlineData("--roles", "broker,cook", "Roles is 'broker,cook'", "broker, ingest, gateway")]
    public async Task A_wrong_value_stops_the_start_and_is_named(string key, string value, string names, string range)
    {
        await using var node = new NodeProcess(Nowhere);

        var end = await node.RunAsync(key, value);

        Assert.Equal(1, end.ExitCode);
        Assert.Contains(names, end.Error, StringComparison.Ordinal);
        Assert.Contains(range, end.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_setting_that_is_described_is_known()
    {
        var described = Setting().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "operations.md")))
            .Select(m => Placeholder().Replace(m.Groups[1].Value, "some")).Distinct().ToList();
        described.RemoveAll(section => described.Exists(key => key.StartsWith($"{section}:", StringComparison.Ordinal)));
        await using var node = new NodeProcess(Nowhere);

        // No value is right, and no file can be made of it. So it ends, and what it says is of the values.
        var end = await node.RunAsync([.. described.SelectMany(key => new[] { $"--{key}", "/dev/null/nothing" })]);

        Assert.True(described.Count > 200, $"{described.Count} are described");
        Assert.Equal(1, end.ExitCode);
        Assert.DoesNotContain("no such setting", end.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Broker:Port")]
    [InlineData("--Http:Port")]
    public async Task A_port_that_is_taken_stops_the_start_and_is_named(string key)
    {
        using var other = new TcpListener(IPAddress.Loopback, Ports.Free());
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await using var node = new NodeProcess(await server.CreateDatabaseAsync());

        var end = await node.RunAsync(key, $"{port}");

        Assert.Equal(1, end.ExitCode);
        Assert.Contains($"{port}", end.Error, StringComparison.Ordinal);
        Assert.Contains("in use", end.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_are_for_their_owner_only_and_stay_over_a_restart()
    {
        await using var node = await NodeProcess.StartNewAsync(server);
        var files = Directory.GetFiles(Path.Combine(node.DataFolder, "secrets")).Order().ToList();
        var first = files.ConvertAll(File.ReadAllText);
        Assert.Equal(
            ["admin-token", "analyst-connection", "credential-key", "dispatcher-token", "operations-token", "token-key"],
            files.Select(path => Path.GetFileName(path)));
        Assert.All(files, file => Assert.Equal(OwnerOnly, File.GetUnixFileMode(file)));
        using var dispatcher = new Dispatcher(node);
        var device = await dispatcher.CreateDeviceAsync();

        await node.StopAsync();
        await node.StartAsync();

        Assert.Equal(first, files.ConvertAll(File.ReadAllText));
        using var answer = await node.GetAsync($"/api/devices/{device.DeviceId}", node.Secret("dispatcher-token"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        using var asAdmin = await node.GetAsync($"/api/devices/{device.DeviceId}", node.Secret("admin-token"));
        Assert.Equal(HttpStatusCode.OK, asAdmin.StatusCode);
        Assert.DoesNotContain(node.Secret("admin-token"), node.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behind_a_proxy_with_TLS_browsers_are_told_to_stay_with_it()
    {
        await using var node = await NodeProcess.StartNewAsync(server, "--Http:TrustedProxies:0", "127.0.0.0/8");
        using var client = new HttpClient { BaseAddress = node.Address };
        foreach (var (scheme, isTold) in new[] { ("https", true), ("http", false) })
        {
            using var message = new HttpRequestMessage(HttpMethod.Get, "/");
            message.Headers.Add("X-Forwarded-Proto", scheme);
            using var answer = await client.SendAsync(message, TestContext.Current.CancellationToken);
            Assert.Equal(isTold, answer.Headers.Contains("Strict-Transport-Security"));
            Assert.Equal(isTold, answer.Headers.Contains("Cross-Origin-Opener-Policy"));
        }
    }

    [Fact]
    public async Task Metrics_are_for_the_operations_token_only()
    {
        await using var node = await NodeProcess.StartNewAsync(server);

        using var nobody = await node.GetAsync("/metrics");
        using var dispatcher = await node.GetAsync("/metrics", node.Secret("dispatcher-token"));
        using var operations = await node.GetAsync("/metrics", node.Secret("operations-token"));

        Assert.Equal(
            (HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.OK),
            (nobody.StatusCode, dispatcher.StatusCode, operations.StatusCode));
        Assert.DoesNotContain("artmqtt_", await TextAsync(nobody), StringComparison.Ordinal);
        Assert.Contains("artmqtt_spool_", await TextAsync(operations), StringComparison.Ordinal);
    }

    private static Task<string> TextAsync(HttpResponseMessage answer) =>
        answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    [GeneratedRegex("`([A-Z][A-Za-z]+(?::(?:[A-Za-z0-9]+|<[^>`]+>))+)`")]
    private static partial Regex Setting();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Placeholder();
}
