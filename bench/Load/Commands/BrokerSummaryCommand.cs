using System.CommandLine;
using System.Text.Json;
using ArtMqtt.Load.Brokers;
using ArtMqtt.Load.Measure;
using ArtMqtt.Load.Summary;

namespace ArtMqtt.Load.Commands;

/// <summary><c>broker-summary</c>: the comparison of brokers as JSON, page and picture.</summary>
internal static class BrokerSummaryCommand
{
    public static Command Create()
    {
        var runs = new Option<DirectoryInfo>("--runs") { Description = "Folder with the JSON results of all rounds.", Required = true };
        var output = new Option<DirectoryInfo>("--output") { Description = "Folder for broker.json, broker.md and broker.svg.", Required = true };
        var facts = new Option<string[]>("--fact") { Description = "name=value about the machine; may be repeated." };
        var command = new Command("broker-summary", "Compute medians and write broker.json, broker.md and broker.svg.")
        {
            runs, output, facts,
        };
        command.SetAction(parsed =>
        {
            var machine = MachineFacts.Basic();
            foreach (var fact in (parsed.GetValue(facts) ?? []).Select(f => f.Split('=', 2)))
            {
                machine[fact[0]] = fact[1];
            }

            var comparison = BrokerComparison.Read(parsed.GetRequiredValue(runs).FullName, machine);
            var folder = Directory.CreateDirectory(parsed.GetRequiredValue(output).FullName).FullName;
            var page = BrokerPage.Write(comparison);
            File.WriteAllText(Path.Combine(folder, "broker.json"), JsonSerializer.Serialize(comparison, Report.Json) + "\n");
            File.WriteAllText(Path.Combine(folder, "broker.md"), page);
            File.WriteAllText(Path.Combine(folder, "broker.svg"), BrokerChart.Write(comparison));
            Console.WriteLine(page);
            return 0;
        });
        return command;
    }
}
