using System.CommandLine;
using ArtMqtt.Load.Mqtt;
using ArtMqtt.Load.Scenarios;

namespace ArtMqtt.Load.Commands;

/// <summary><c>sink</c>: the most the generator itself can do.</summary>
internal static class SinkCommand
{
    public static Command Create()
    {
        var shared = new SharedOptions();
        var flood = new FloodOptions();
        var command = new Command("sink", "Publish to a sink in this process that only acknowledges: the generator's limit.")
        {
            shared.Version, shared.Devices, shared.Json,
        };
        flood.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var sink = new AckSink(shared.VersionOf(parsed));
            return await new PublishScenario(new PublishSettings
            {
                Name = "sink",
                Server = sink.EndPoint,
                Version = shared.VersionOf(parsed),
                Logins = DeviceLogin.Anonymous(parsed.GetRequiredValue(shared.Devices)),
                InFlight = parsed.GetRequiredValue(flood.InFlight),
                WarmUp = TimeSpan.FromSeconds(parsed.GetRequiredValue(flood.WarmUp)),
                Duration = TimeSpan.FromSeconds(parsed.GetRequiredValue(flood.Seconds)),
                MaxPositions = parsed.GetRequiredValue(flood.Count),
                JsonPath = parsed.GetValue(shared.Json),
            }).RunAsync(cancellationToken);
        });
        return command;
    }
}
