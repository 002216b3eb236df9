using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ArtMqtt.Store.Bench;
using ArtMqtt.Store.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

// Fills a database and asks it; started by bench/history, which provides it.
// Usage: --database CONNECTION --results F [--positions N,N] [--devices N] [--picks N]
var devices = int.Parse(Option("--devices", "1000"), CultureInfo.InvariantCulture);
var picks = int.Parse(Option("--picks", "41"), CultureInfo.InvariantCulture);
var sizes = Option("--positions", "10000000,100000000").Split(',')
    .Select(size => long.Parse(size, CultureInfo.InvariantCulture)).ToList();
using var stop = new CancellationTokenSource(TimeSpan.FromHours(3), TimeProvider.System);
var token = stop.Token;
await using var dataSource = NpgsqlDataSource.Create(Option("--database", ""));
await new SchemaMigrator(dataSource, NullLogger<SchemaMigrator>.Instance).MigrateAsync(token);
var past = new Past(dataSource, devices);
await past.CreateDevicesAsync(token);

var reports = new List<Report>();
foreach (var size in sizes)
{
    var hours = await past.GrowAsync(size, token);
    var answers = new List<Answer>();
    foreach (var question in new Questions(dataSource).All)
    {
        answers.Add(await AskAsync(question));
        Say($"{question.Name}: {answers[^1].Milliseconds:F1} ms, of positions alone {answers[^1].PlainMilliseconds:F1} ms");
    }

    reports.Add(new Report(
        past.Positions, (int)await ScalarAsync<long>("SELECT count(*) FROM show_chunks('positions')"),
        await ScalarAsync<long>("SELECT hypertable_size('positions')") / (double)past.Positions, hours, answers));
}

var page = Report.Page(reports, DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime), devices);
await File.WriteAllTextAsync(Path.Combine(Option("--results", "."), "history.md"), page, token);
await File.WriteAllTextAsync(
    Path.Combine(Option("--results", "."), "history.json"), JsonSerializer.Serialize(reports, JsonSerializerOptions.Web), token);
Console.WriteLine(page);
return 0;

async Task<Answer> AskAsync(Question question)
{
    var random = new Random(7);
    var (times, rows) = (new List<double>(), new List<long>());
    for (var i = 0; i < picks; i++)
    {
        var pick = Pick.Next(random, devices, past.End);
        var started = Stopwatch.GetTimestamp();
        rows.Add(await question.AskAsync(pick, token));
        times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    var plain = new List<double>();
    for (var i = 0; i < 5 && question.Plainly is not null; i++)
    {
        var started = Stopwatch.GetTimestamp();
        await Questions.CountAsync(question.Plainly(Pick.Next(random, devices, past.End)), token);
        plain.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    return new Answer(
        question.Name, Median(rows), Median(times), times.Max(), plain.Count > 0 ? Median(plain) : null,
        await CheckPlanAsync(question, Pick.Next(random, devices, past.End)));
}

async Task<int?> CheckPlanAsync(Question question, Pick pick)
{
    if (question.Explain is null)
    {
        return null;
    }

    var plan = await Plan.ReadAsync(dataSource, question.Explain(pick), token);
    return plan.Chunks <= question.MaxChunks && !plan.ScansPositions
        && plan.Text.Contains(question.Uses, StringComparison.Ordinal)
            ? plan.Chunks
            : throw new InvalidOperationException(
                $"'{question.Name}' read {plan.Chunks} chunks, {question.MaxChunks} are allowed:\n{plan.Text}");
}

async Task<T> ScalarAsync<T>(string sql)
{
    await using var command = dataSource.CreateCommand(sql);
    return (T)(await command.ExecuteScalarAsync(token))!;
}

static T Median<T>(IReadOnlyList<T> values) => values.Order().ElementAt(values.Count / 2);

string Option(string name, string otherwise) => Array.IndexOf(args, name) is var at and >= 0 ? args[at + 1] : otherwise;

static void Say(string text) => Console.Error.WriteLine($"bench: {text}");
