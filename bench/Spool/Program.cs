using System.Globalization;
using System.Text.Json;
using ArtMqtt.Spool.Bench;

// Compares ways to make groups of records durable, all behind the same group commit.
// Usage: [--json] [--rounds N] [--seconds S] [--folder F]
var json = args.Contains("--json");
var rounds = int.Parse(Option("--rounds", "5"), CultureInfo.InvariantCulture);
var seconds = double.Parse(Option("--seconds", "1.5"), CultureInfo.InvariantCulture);
var folder = Option("--folder", Path.GetTempPath());

var comparison = new Comparison(folder, TimeSpan.FromSeconds(seconds), json ? TextWriter.Null : Console.Out);
var results = await comparison.RunAsync(rounds);
if (json)
{
    Console.WriteLine(JsonSerializer.Serialize(results, JsonSerializerOptions.Web));
}
else
{
    Report.Write(results, Console.Out);
}

return 0;

string Option(string name, string otherwise)
{
    var index = Array.IndexOf(args, name);
    return index < 0 ? otherwise : args[index + 1];
}
