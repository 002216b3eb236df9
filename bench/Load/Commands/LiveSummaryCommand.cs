using System.CommandLine;
using System.Text.Json;
using ArtMqtt.Load.Live;
using ArtMqtt.Load.Measure;
using ArtMqtt.Load.Summary;

namespace ArtMqtt.Load.Commands;

/// <summary><c>live-summary</c>: all runs with watchers as JSON and page.</summary>
internal static class LiveSummaryCommand
{
    public static Command Create()
    {
        var runs = new Option<DirectoryInfo>("--runs") { Description = "Folder with the JSON results of all runs.", Required = true };
        var output = new Option<DirectoryInfo>("--output") { Description = "Folder for live.json and live.md.", Required = true };
        var facts = new Option<string[]>("--fact") { Description = "name=value about the machine; may be repeated." };
        var command = new Command("live-summary", "Compute medians and write live.json and live.md.") { runs, output, facts };
        command.SetAction(parsed =>
        {
            var machine = MachineFacts.Basic();
            foreach (var fact in (parsed.GetValue(facts) ?? []).Select(f => f.Split('=', 2)))
            {
                machine[fact[0]] = fact[1];
            }

            var comparison = LiveComparison.Read(parsed.GetRequiredValue(runs).FullName, machine);
            var folder = Directory.CreateDirectory(parsed.GetRequiredValue(output).FullName).FullName;
            var page = LivePage.Write(comparison);
            File.WriteAllText(Path.Combine(folder, "live.json"), JsonSerializer.Serialize(comparison, Report.Json) + "\n");
            File.WriteAllText(Path.Combine(folder, "live.md"), page);
            Console.WriteLine(page);
            return 0;
        });
        return command;
    }
}
