using System.Text.Json;
using ArtMqtt.EndToEnd.Tests.Recordings;
using ArtMqtt.EndToEnd.Tests.Servers;
using ArtMqtt.TestKit;

namespace ArtMqtt.EndToEnd.Tests.Publishers;

/// <summary>The DeviceAgent as a process.</summary>
internal static class Agent
{
    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(3);

    /// <summary>Publishes a recording to its end.</summary>
    public static Task<AgentCounts> ReplayAsync(NodeProcess node, Credential device, Recording recording, string speed)
    {
        var start = Programs.DeviceAgent(
            "replay", recording.Option, recording.Path, "--device", device.DeviceId, "--speed", speed,
            "--server", $"127.0.0.1:{node.MqttPort}", "--json");
        start.Environment["ARTMQTT_SECRET"] = device.Secret;
        return RunAsync(start);
    }

    /// <summary>Lets one vehicle drive through a made-up city.</summary>
    /// <param name="node">Where it publishes.</param>
    /// <param name="device">Who it is.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="folder">For the file with its secret.</param>
    public static async Task<AgentCounts> SimulateAsync(
        NodeProcess node, Credential device, int seconds, string folder) =>
        await RunAsync(await SimulationAsync(node, [device], seconds, folder));

    /// <summary>Lets a fleet drive, all of it in one process.</summary>
    public static async Task<AgentCounts> SimulateFleetAsync(
        NodeProcess node, IReadOnlyList<Credential> devices, int seconds, string folder) =>
        await RunAsync(await SimulationAsync(node, devices, seconds, folder));

    /// <summary>The same, until it is disposed.</summary>
    public static async Task<RunningAgent> StartAsync(NodeProcess node, Credential device, string folder) =>
        RunningAgent.Start(await SimulationAsync(node, [device], (int)_longest.TotalSeconds, folder));

    private static async Task<System.Diagnostics.ProcessStartInfo> SimulationAsync(
        NodeProcess node, IReadOnlyList<Credential> devices, int seconds, string folder)
    {
        var credentials = Path.Combine(folder, "credentials.json");
        await File.WriteAllTextAsync(
            credentials, JsonSerializer.Serialize(devices, JsonSerializerOptions.Web),
            TestContext.Current.CancellationToken);
        return Programs.DeviceAgent(
            "simulate", "--at", "48.137,11.575", "--credentials", credentials, "--duration", $"{seconds}",
            "--server", $"127.0.0.1:{node.MqttPort}", "--json");
    }

    private static async Task<AgentCounts> RunAsync(System.Diagnostics.ProcessStartInfo start)
    {
        var result = await ProcessRunner.RunAsync(start, _longest);
        Assert.True(result.ExitCode == 0, $"The agent ended with {result.ExitCode}:\n{result.Error}");
        return JsonSerializer.Deserialize<AgentCounts>(result.Output, JsonSerializerOptions.Web)!;
    }
}
