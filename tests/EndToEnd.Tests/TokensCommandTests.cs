using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ArtMqtt.EndToEnd.Tests.Publishers;
using ArtMqtt.EndToEnd.Tests.Servers;
using ArtMqtt.TestKit;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>The verb <c>tokens</c>: a firm gets its dispatcher, devices and admin from a node with nothing but its secrets.</summary>
public sealed class TokensCommandTests(TimescaleServer server)
{
    [Fact]
    public async Task A_firm_is_set_up_and_sees_its_own()
    {
        await using var node = await NodeProcess.StartNewAsync(server);
        var acme = await TokenAsync(node, "--role", "dispatcher", "--subject", "ada", "--tenant", "acme", "--lifetime", "08:00:00");
        var other = await TokenAsync(node, "--role", "dispatcher", "--subject", "bob", "--tenant", "other");

        var added = await RunAsync(node, "devices", "add", "van-1", "--tenant", "acme");
        Assert.True(added.ExitCode == 0, added.Output + added.Error);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(node, "/api/devices/van-1", acme));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(node, "/api/devices/van-1", other));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(node, "/api/devices/van-1", node.Secret("dispatcher-token")));
        var device = await TokenAsync(node, "--role", "device", "--device", "van-1");
        Assert.Equal(0, await PublishAsync(node, device));
        var erased = await RunAsync(node, "devices", "erase", "van-1");
        Assert.True(erased.ExitCode == 0, erased.Output + erased.Error);
    }

    [Fact]
    public async Task Tokens_count_on_every_node_with_the_key_and_on_no_other()
    {
        await using var node = await NodeProcess.StartNewAsync(server);
        var key = Path.Combine(node.DataFolder, "secrets", "token-key");
        await using var friend = await NodeProcess.StartNewAsync(server, "--Tokens:LocalKeyFile", key);
        await using var stranger = await NodeProcess.StartNewAsync(server);
        await using var without = await NodeProcess.StartNewAsync(server, "--Tokens:LocalKeyFile", "");
        var token = await TokenAsync(node, "--role", "analyst");

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(friend, "/api/requests", token));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(stranger, "/api/requests", token));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(without, "/api/requests", token));
        Assert.False(File.Exists(Path.Combine(without.DataFolder, "secrets", "token-key")));
        var refused = await RunAsync(without, "tokens", "create", "--role", "analyst");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("tokens_not_issued", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_is_revoked_is_thrown_off_and_stays_out_after_a_restart()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var node = await NodeProcess.StartNewAsync(server);
        Assert.Equal(0, (await RunAsync(node, "devices", "add", "van-1")).ExitCode);
        var device = new Credential("van-1", await TokenAsync(node, "--role", "device", "--device", "van-1"));
        var kept = await TokenAsync(node, "--role", "dispatcher", "--subject", "bob");
        using var client = new TcpClient("127.0.0.1", node.MqttPort);
        await new MqttWire(client.GetStream()).ConnectAsync(device, cancellation);

        var list = await RunAsync(node, "tokens", "list");
        var line = Assert.Single(list.Output.Split('\n'), line => line.Contains("van-1", StringComparison.Ordinal));
        Assert.Contains("active", line, StringComparison.Ordinal);
        var revoked = await RunAsync(node, "tokens", "revoke", line.Split(' ')[0]);
        Assert.True(revoked.ExitCode == 0, revoked.Error);

        // MQTT 3.1.1 is not told why.
        Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1], cancellation));
        foreach (var isRestarted in new[] { false, true })
        {
            if (isRestarted)
            {
                Assert.Equal(0, await node.StopAsync());
                await node.StartAsync();
            }

            using var again = new TcpClient("127.0.0.1", node.MqttPort);
            await Assert.ThrowsAsync<IOException>(() => new MqttWire(again.GetStream()).ConnectAsync(device, cancellation));
            using var refused = await node.GetAsync("/api/requests", device.Secret);
            Assert.Contains("token_revoked", await refused.Content.ReadAsStringAsync(cancellation), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(node, "/api/requests", kept));
        }
    }

    [Fact]
    public async Task Says_what_is_wrong_and_all_that_is_known_as_JSON()
    {
        await using var node = await NodeProcess.StartNewAsync(server);
        var all = await RunAsync(node, "tokens", "create", "--role", "analyst", "--subject", "ada", "--json");
        var json = JsonDocument.Parse(all.Output).RootElement;
        Assert.Equal(("analyst", "ada"), (json.GetProperty("role").GetString(), json.GetProperty("subject").GetString()));

        foreach (var (code, expected, arguments) in new (int, string, string[])[]
        {
            (2, "--role", ["create"]), (1, "invalid_request", ["create", "--role", "king"]),
            (2, "--lifetime must be", ["create", "--role", "analyst", "--lifetime", "soon"]),
            (1, "admin_only", ["create", "--role", "admin", "--token-file", Path.Combine(node.DataFolder, "secrets", "dispatcher-token")]),
            (1, "device_not_found", ["create", "--role", "device", "--device", "nobody"]),
            (1, "token_not_found", ["revoke", "nobody"]),
        })
        {
            var result = await RunAsync(node, ["tokens", .. arguments]);
            Assert.True(code == result.ExitCode, $"{expected}: {result.ExitCode} {result.Output}{result.Error}");
            Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        }
    }

    private static async Task<string> TokenAsync(NodeProcess node, params string[] arguments)
    {
        var result = await RunAsync(node, ["tokens", "create", .. arguments]);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        return result.Output.Trim();
    }

    private static Task<ProcessResult> RunAsync(NodeProcess node, params string[] arguments)
    {
        var start = Programs.Node([.. arguments, "--data-folder", node.DataFolder]);
        start.Environment["Http__Port"] = $"{node.HttpPort}";
        return ProcessRunner.RunAsync(start, TimeSpan.FromMinutes(1));
    }

    private static async Task<HttpStatusCode> StatusAsync(NodeProcess node, string path, string token)
    {
        using var answer = await node.GetAsync(path, token);
        return answer.StatusCode;
    }

    private static async Task<int> PublishAsync(NodeProcess node, string token)
    {
        var result = await ProcessRunner.RunAsync(
            new System.Diagnostics.ProcessStartInfo("mosquitto_pub", [
                "-h", "127.0.0.1", "-p", $"{node.MqttPort}", "-u", "van-1", "-P", token, "-q", "1",
                "-t", "art/devices/van-1/position", "-m",
                $$"""{"lat":48.1,"lng":11.5,"timestamp":{{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}}}"""]),
            TimeSpan.FromMinutes(1));
        return result.ExitCode;
    }
}
