using System.Globalization;
using System.Text.Json;
using ArtMqtt.Ingest.Bench;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

// Writes the same rows in several ways; started by bench/ingest, which provides the database.
// Usage: --database CONNECTION --timescale SCRIPT --folder F --results F [--rounds N] [--rows N] [--devices N] [--writers N]
var rounds = Number("--rounds", 3);
var rows = Number("--rows", 1_000_000);
var devices = Number("--devices", 10_000);
var writers = Number("--writers", 1);
using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(20), TimeProvider.System);
var token = stop.Token;
var file = Path.Combine(Option("--folder"), "rows.bin");
await using var path = await IngestPath.StartAsync(
    Option("--database"), Path.Combine(Option("--folder"), "spool"), writers, token);
var alternatives = new Alternatives(path.Services.GetRequiredService<NpgsqlDataSource>(), Option("--timescale"));
Say("warming up");
await path.RunAsync(new Journey(devices), Math.Min(rows, 200_000), token);

var all = new List<Figures>();
for (var round = 1; round <= rounds; round++)
{
    await alternatives.EmptyAsync(token);
    var (seconds, allocated) = await path.RunAsync(new Journey(devices), rows, token);
    await CheckAsync(rows);
    var (table, indexes) = await alternatives.BytesAsync(token);
    var latest = await alternatives.LatestAsync(token);
    if (round == 1)
    {
        await alternatives.KeepAsync(file, 50_000, token);
    }

    await alternatives.EmptyAsync(token);
    var copied = await alternatives.CopyAsync(file, token);
    await CheckAsync(rows);
    await alternatives.EmptyAsync(token);
    var hundred = await alternatives.InsertAsync(20_000, 100, token);
    await alternatives.EmptyAsync(token);
    var single = await alternatives.InsertAsync(2_000, 1, token);
    all.Add(new Figures(
        rows, rows / seconds, (double)allocated / rows, rows / copied, hundred, single, table, indexes, latest));
    Say($"round {round}: ingest {all[^1].Ingest:N0}/s, psql {all[^1].Psql:N0}/s, {all[^1].BytesAllocated:F0} B allocated");
}

var page = Figures.Page(all, DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime), devices, writers);
await File.WriteAllTextAsync(Path.Combine(Option("--results"), "ingest.md"), page, token);
await File.WriteAllTextAsync(
    Path.Combine(Option("--results"), "ingest.json"), JsonSerializer.Serialize(all, JsonSerializerOptions.Web), token);
Console.WriteLine(page);
return 0;

async Task CheckAsync(long expected)
{
    var stored = await alternatives.CountAsync(token);
    if (stored != expected)
    {
        throw new InvalidOperationException($"{stored} rows are stored instead of {expected}.");
    }
}

string Option(string name) =>
    Array.IndexOf(args, name) is var at and >= 0 ? args[at + 1] : throw new ArgumentException($"{name} is missing.");

int Number(string name, int otherwise) =>
    args.Contains(name) ? int.Parse(Option(name), CultureInfo.InvariantCulture) : otherwise;

static void Say(string text) => Console.Error.WriteLine($"bench: {text}");
