using System.Globalization;
using System.Text;
using System.Text.Json;
using ArtMqtt.Eta.Bench;

// Judges the ETA on recorded and on simulated drives; started by bench/eta.
// Usage: --results FOLDER [--recordings FOLDER] [--simulated N]
var simulated = args.Contains("--simulated") ? int.Parse(Option("--simulated"), CultureInfo.InvariantCulture) : 300;
List<Drive> drives = [.. SimulatedCity.Drives(simulated)];
if (args.Contains("--recordings"))
{
    drives.AddRange(Recordings.Read(Option("--recordings")));
}

List<Judged> judged = [.. Judge.All(drives)];
var page = Page(judged);
await File.WriteAllTextAsync(Path.Combine(Option("--results"), "eta.json"), JsonSerializer.Serialize(judged, JsonSerializerOptions.Web));
await File.WriteAllTextAsync(Path.Combine(Option("--results"), "eta.md"), page);
Console.WriteLine(page);
return 0;

string Option(string name) =>
    Array.IndexOf(args, name) is var at and >= 0 ? args[at + 1] : throw new ArgumentException($"{name} is missing.");

static string Page(IReadOnlyList<Judged> judged)
{
    var page = new StringBuilder();
    foreach (var group in judged.GroupBy(line => line.Group))
    {
        page.Append(CultureInfo.InvariantCulture, $"**{group.Key}**, {group.First().Drives} drives\n\n");
        page.Append("| method | 25 % of the way | 50 % | 75 % | bias at 50 % | in the band |\n| --- | --- | --- | --- | --- | --- |\n");
        foreach (var method in group.GroupBy(line => line.Method))
        {
            page.Append(CultureInfo.InvariantCulture, $"| {method.Key} |");
            foreach (var line in method)
            {
                page.Append(CultureInfo.InvariantCulture, $" {line.MedianError:F0} s ({line.MedianErrorPercent:F0} %) |");
            }

            var bands = method.Where(line => line.InBand is not null).Select(line => line.InBand!.Value).ToList();
            page.Append(CultureInfo.InvariantCulture, $" {method.ElementAt(1).Bias:+0;-0;0} s |");
            page.Append(bands.Count == 0 ? " |\n" : string.Create(CultureInfo.InvariantCulture, $" {bands.Average():F0} % |\n"));
        }

        page.Append('\n');
    }

    return page.ToString();
}
