using System.Diagnostics;
using ArtMqtt.Broker.Tests.Support;
using ArtMqtt.Broker.Tests.Support.Wire;
using ArtMqtt.TestKit;

namespace ArtMqtt.Broker.Tests.Foreign;

/// <summary>The broker with clients that others wrote; their scenarios are beside this file.</summary>
public sealed class ScriptClientTests(ConformanceBroker broker)
{
    // Debian's own interpreter: the one that finds the package python3-paho-mqtt.
    private const string Python = "/usr/bin/python3";

    [Theory]
    [InlineData("3.1.1")]
    [InlineData("5")]
    public async Task Serves_the_python_client_of_Paho(string version)
    {
        var server = await broker.AddressAsync();
        await RunAsync(Python, "paho_client.py", $"{server.Address}", $"{server.Port}", version, Names.Unique("paho"));
    }

    [Theory]
    [InlineData("4")]
    [InlineData("5")]
    public async Task Serves_MQTT_js(string version) =>
        await RunMqttJsAsync($"mqtt://{await broker.AddressAsync()}", version);

    [Theory]
    [InlineData("4")]
    [InlineData("5")]
    public async Task Serves_MQTT_js_over_WebSocket(string version)
    {
        var address = await broker.WebSocketAsync();
        Assert.SkipWhen(address is null, "The broker that was named has no known WebSocket address.");

        await RunMqttJsAsync($"{address}", version);
    }

    private static async Task RunMqttJsAsync(string url, string version)
    {
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(Repository.Root, "node_modules", "mqtt")), "MQTT.js is not installed: npm ci.");
        await RunAsync("node", "mqttjs_client.mjs", url, version, Names.Unique("mqttjs"));
    }

    private static async Task RunAsync(string program, string script, params string[] arguments)
    {
        var path = Path.Combine(Repository.Root, "tests", "Broker.Tests", "Foreign", script);
        var result = await ProcessRunner.RunAsync(
            new ProcessStartInfo(program, [path, .. arguments]), TimeSpan.FromMinutes(2));
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }
}
