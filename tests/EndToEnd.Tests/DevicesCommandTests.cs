using System.Text.Json;
using ArtMqtt.EndToEnd.Tests.Servers;
using ArtMqtt.TestKit;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>The verb <c>devices</c>, against a node that runs, and with Mosquitto's client as the device.</summary>
public sealed class DevicesCommandTests(TimescaleServer server)
{
    [Fact]
    public async Task Provisions_rotates_and_shuts_out_a_device()
    {
        await using var node = await NodeProcess.StartNewAsync(server);

        var first = (await JsonAsync(node, "add", "truck-7", "--name", "Tow truck")).GetProperty("secret").GetString()!;
        Assert.Equal(0, await PublishAsync(node, first));

        var second = (await JsonAsync(node, "rotate", "truck-7", "--overlap", "01:00:00")).GetProperty("secret").GetString()!;
        Assert.Equal(0, await PublishAsync(node, first));
        Assert.Equal(0, await PublishAsync(node, second));

        await JsonAsync(node, "revoke", "truck-7");
        Assert.NotEqual(0, await PublishAsync(node, first));
        Assert.Equal(0, await PublishAsync(node, second));

        Assert.False((await JsonAsync(node, "disable", "truck-7")).GetProperty("isEnabled").GetBoolean());
        Assert.NotEqual(0, await PublishAsync(node, second));
        await JsonAsync(node, "enable", "truck-7");
        Assert.Equal(0, await PublishAsync(node, second));

        Assert.Equal("truck-7", (await JsonAsync(node, "list"))[0].GetProperty("deviceId").GetString());
        var lines = await RunAsync(node, "list");
        Assert.Contains("truck-7", lines.Output, StringComparison.Ordinal);
        Assert.Contains("enabled", lines.Output, StringComparison.Ordinal);
        var pinned = await JsonAsync(node, "pin", "truck-7", "--sha256", new string('a', 64));
        Assert.Equal(new string('a', 64), pinned.GetProperty("certificateSha256").GetString());
    }

    [Fact]
    public async Task Says_what_is_wrong()
    {
        await using var node = await NodeProcess.StartNewAsync(server);
        await RunAsync(node, "add", "van-1");

        await FailsAsync(1, "taken", "add", "van-1");
        await FailsAsync(1, "device_not_found", "disable", "nobody");
        await FailsAsync(1, "invalid_request", "add", "No Id");
        await FailsAsync(1, "does not exist", "list", "--token-file", "/nonexistent/x", missing: true);
        await FailsAsync(1, "No node answers", "list", "--url", "http://127.0.0.1:9");
        await FailsAsync(2, "--overlap must be", "rotate", "van-1", "--overlap", "soon");
        await FailsAsync(2, "Give either", "pin", "van-1");
        await FailsAsync(2, "", "nonsense");

        async Task FailsAsync(int code, string expected, string verb, string? a = null, string? b = null, string? c = null, bool missing = false)
        {
            var result = await RunAsync(node, [verb, .. new[] { a, b, c }.OfType<string>()]);
            Assert.True(code == result.ExitCode, $"{verb}: {result.ExitCode} {result.Output}{result.Error}");
            Assert.Contains(missing ? "No access token" : expected, result.Error, StringComparison.Ordinal);
        }
    }

    private static async Task<JsonElement> JsonAsync(NodeProcess node, params string[] arguments)
    {
        var result = await RunAsync(node, [.. arguments, "--json"]);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        return JsonDocument.Parse(result.Output).RootElement;
    }

    private static Task<ProcessResult> RunAsync(NodeProcess node, params string[] arguments)
    {
        var start = Programs.Node(["devices", .. arguments, "--data-folder", node.DataFolder]);
        start.Environment["Http__Port"] = $"{node.HttpPort}";
        return ProcessRunner.RunAsync(start, TimeSpan.FromMinutes(1));
    }

    private static async Task<int> PublishAsync(NodeProcess node, string secret)
    {
        var result = await ProcessRunner.RunAsync(
            new System.Diagnostics.ProcessStartInfo("mosquitto_pub", [
                "-h", "127.0.0.1", "-p", $"{node.MqttPort}", "-u", "truck-7", "-P", secret, "-q", "1",
                "-t", "art/devices/truck-7/position", "-m",
                $$"""{"lat":48.1,"lng":11.5,"timestamp":{{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}}}"""]),
            TimeSpan.FromMinutes(1));
        return result.ExitCode;
    }
}
