using System.CommandLine;
using ArtMqtt.Load.Scenarios;

namespace ArtMqtt.Load.Commands;

/// <summary><c>latency</c>: from PUBLISH to the SignalR client.</summary>
internal static class LatencyCommand
{
    public static Command Create()
    {
        var shared = new SharedOptions();
        var node = new NodeOptions();
        var period = new Option<int>("--period-ms")
        {
            Description = "From one position of a device to the next; above the 100 ms in which a node sends a watcher one place.",
            DefaultValueFactory = _ => 1_000,
        }.Between(1, 60_000);
        var seconds = new Option<int>("--seconds")
        {
            Description = "How long to measure.",
            DefaultValueFactory = _ => 20,
        }.Between(1, 600);
        var warmUp = new Option<int>("--warm-up")
        {
            Description = "Seconds before the measurement starts.",
            DefaultValueFactory = _ => 5,
        }.Between(0, 60);
        var command = new Command("latency", "Measure from PUBLISH to the callback of a SignalR client, at a low pace.")
        {
            node.Url, node.TokenFile, shared.Host, shared.Port, shared.Version, shared.Devices, shared.Logins, shared.Json,
            period, seconds, warmUp,
        };
        command.SetAction((parsed, cancellationToken) => new LatencyScenario(new LatencySettings
        {
            Server = shared.ServerOf(parsed),
            Version = shared.VersionOf(parsed),
            Node = parsed.GetRequiredValue(node.Url),
            TokenFile = parsed.GetRequiredValue(node.TokenFile).FullName,
            Logins = shared.LoginsOf(parsed),
            Period = TimeSpan.FromMilliseconds(parsed.GetRequiredValue(period)),
            WarmUp = TimeSpan.FromSeconds(parsed.GetRequiredValue(warmUp)),
            Duration = TimeSpan.FromSeconds(parsed.GetRequiredValue(seconds)),
            JsonPath = parsed.GetValue(shared.Json),
        }).RunAsync(cancellationToken));
        return command;
    }
}
