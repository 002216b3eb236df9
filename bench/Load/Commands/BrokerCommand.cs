using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ArtMqtt.Load.Brokers;
using ArtMqtt.Load.Measure;

namespace ArtMqtt.Load.Commands;

/// <summary><c>broker</c>: everything that is compared between brokers, of one of them.</summary>
internal static class BrokerCommand
{
    public static Command Create()
    {
        var shared = new SharedOptions();
        var name = new Option<string>("--name") { Description = "What the broker is called in the results.", Required = true };
        var process = new Option<int>("--process") { Description = "Its process id, to read its memory.", Required = true };
        var seconds = new Option<int>("--seconds")
        {
            Description = "Measured time of each rate.",
            DefaultValueFactory = _ => 4,
        }.Between(1, 60);
        var sessions = new Option<string>("--sessions")
        {
            Description = "Numbers of subscribed sessions to publish beside, ascending; at most 60,000.",
            DefaultValueFactory = _ => "1000,10000,50000",
        };
        var command = new Command("broker", "Connects, memory, rates and latency of one anonymous MQTT broker.")
        {
            name, shared.Host, shared.Port, process, seconds, sessions, shared.Json,
        };
        command.SetAction(parsed =>
        {
            var counts = parsed.GetRequiredValue(sessions).Split(',')
                .Select(n => Math.Clamp(int.Parse(n, CultureInfo.InvariantCulture), 1, 60_000)).Order().ToList();
            var figures = new BrokerScenario(
                parsed.GetRequiredValue(name), shared.ServerOf(parsed), parsed.GetRequiredValue(process),
                parsed.GetRequiredValue(seconds), counts).Run();
            var text = JsonSerializer.Serialize(figures, Report.Json);
            Console.WriteLine(text);
            if (parsed.GetValue(shared.Json) is { } path && path != "-")
            {
                File.WriteAllText(path, text);
            }

            return 0;
        });
        return command;
    }
}
