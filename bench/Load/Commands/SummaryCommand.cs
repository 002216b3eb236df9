using System.CommandLine;
using System.Text.Json;
using ArtMqtt.Load.Measure;
using ArtMqtt.Load.Summary;

namespace ArtMqtt.Load.Commands;

/// <summary><c>summary</c>: medians of all runs, as JSON and as a page.</summary>
internal static class SummaryCommand
{
    public static Command Create()
    {
        var runs = new Option<DirectoryInfo>("--runs")
        {
            Description = "Folder with the JSON results: sink-*, node-*, mosquitto-*, copy-*, latency-*.",
            Required = true,
        };
        var output = new Option<DirectoryInfo>("--output")
        {
            Description = "Folder for latest.json and latest.md.",
            Required = true,
        };
        var dataFolder = new Option<DirectoryInfo>("--data-folder")
        {
            Description = "The node's data folder, whose disk is measured.",
            Required = true,
        };
        var database = new Option<string>("--database")
        {
            Description = "Connection string of the database, to ask for its version.",
            Required = true,
        };
        var facts = new Option<string[]>("--fact")
        {
            Description = "name=value to add to what is said about the machine; may be repeated.",
        };
        var command = new Command("summary", "Compute medians and write latest.json and latest.md.")
        {
            runs, output, dataFolder, database, facts,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var files = RunFiles.Read(parsed.GetRequiredValue(runs).FullName);
            var comparison = new Comparison(
                DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime),
                files.Node.Count, files.Node[0].Devices, files.Node[0].InFlight,
                await MachineFacts.CollectAsync(
                    parsed.GetRequiredValue(dataFolder).FullName, parsed.GetRequiredValue(database),
                    (parsed.GetValue(facts) ?? []).Select(f => f.Split('=', 2)).ToDictionary(f => f[0], f => f[1]),
                    cancellationToken),
                Figures.Of(files), files);
            var folder = parsed.GetRequiredValue(output).FullName;
            Directory.CreateDirectory(folder);
            var page = MarkdownTable.Write(comparison);
            await File.WriteAllTextAsync(
                Path.Combine(folder, "latest.json"), JsonSerializer.Serialize(comparison, Report.Json) + "\n", cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder, "latest.md"), page, cancellationToken);
            Console.WriteLine(page);
            return comparison.Figures.IsComplete ? 0 : 1;
        });
        return command;
    }
}
