using System.CommandLine;
using System.Globalization;
using ArtMqtt.Load.Scenarios;

namespace ArtMqtt.Load.Commands;

/// <summary><c>publish</c>: as many acknowledged positions as a server takes.</summary>
internal static class PublishCommand
{
    public static Command Create()
    {
        var shared = new SharedOptions();
        var flood = new FloodOptions();
        var subscribers = new Option<int>("--subscribers")
        {
            Description = "Subscribers that take every position with QoS 1; publishers wait when they fall behind.",
        }.Between(0, 100);
        var database = new Option<string?>("--database")
        {
            Description = "Connection string of the node's database: positions are deleted before and counted after.",
        };
        var processes = new Option<string[]>("--process")
        {
            Description = "name=pid of a process whose processor time and memory are reported; may be repeated.",
        };
        var name = new Option<string>("--name")
        {
            Description = "Name of the run in its report.",
            DefaultValueFactory = _ => "publish",
        };
        var command = new Command("publish", "Publish positions with QoS 1 as fast as they are acknowledged.")
        {
            name, shared.Host, shared.Port, shared.Version, shared.Devices, shared.Logins, shared.Json,
            subscribers, database, processes,
        };
        flood.AddTo(command);
        command.SetAction((parsed, cancellationToken) => new PublishScenario(new PublishSettings
        {
            Name = parsed.GetRequiredValue(name),
            Server = shared.ServerOf(parsed),
            Version = shared.VersionOf(parsed),
            Logins = shared.LoginsOf(parsed),
            InFlight = parsed.GetRequiredValue(flood.InFlight),
            WarmUp = TimeSpan.FromSeconds(parsed.GetRequiredValue(flood.WarmUp)),
            Duration = TimeSpan.FromSeconds(parsed.GetRequiredValue(flood.Seconds)),
            MaxPositions = parsed.GetRequiredValue(flood.Count),
            Subscribers = parsed.GetValue(subscribers),
            Database = parsed.GetValue(database),
            Processes = (parsed.GetValue(processes) ?? []).Select(p => p.Split('=')).ToDictionary(
                p => p[0], p => int.Parse(p[1], CultureInfo.InvariantCulture)),
            JsonPath = parsed.GetValue(shared.Json),
        }).RunAsync(cancellationToken));
        return command;
    }
}
