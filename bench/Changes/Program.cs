using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Live;
using ArtMqtt.Store;
using ArtMqtt.Store.Schema;
using ArtMqtt.WebGateway;
using ArtMqtt.WebGateway.Bench;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

// A gateway and its subscribers in one process; started by bench/changes, which provides the database.
// Usage: --database CONNECTION --results F [--connections N] [--channels N] [--rate N] [--seconds N]
var (connections, channels) = (Number("--connections", 5_000), Number("--channels", 2));
var (rate, seconds, wide) = (Number("--rate", 500), Number("--seconds", 10), Number("--wide", 500));
using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(15), TimeProvider.System);
var token = stop.Token;

var dispatcher = AccessToken.NewDispatcher();
await using var app = await StartGatewayAsync();
await using var dataSource = NpgsqlDataSource.Create($"{Option("--database", "")};Maximum Pool Size=16");
var ids = await CreateRequestsAsync(connections * channels);
var address = new UriBuilder(app.Urls.Single())
{
    Scheme = "ws",
    Path = "/realtime/v1/websocket",
    Query = $"vsn=2.0.0&apikey={dispatcher}",
}.Uri;

var lines = new List<object>();
var arrivals = new Arrivals();
var started = Stopwatch.GetTimestamp();
var own = await SubscribeAsync(connections, i => [.. ids.Skip(i * channels).Take(channels).Select(id => $"id=eq.{id}")]);
Add($"{connections:N0} connections with {channels} channels, each on its own row: joined", Stopwatch.GetElapsedTime(started).TotalSeconds, "s");

var idle = Process.GetCurrentProcess().TotalProcessorTime;
await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, token);
idle = Process.GetCurrentProcess().TotalProcessorTime - idle;
Add("nothing happens: share of a processor", 100 * idle.TotalSeconds / seconds, "%");

arrivals.Expect(rate * 2);
await PaceAsync(rate, 2); // warm-up
await arrivals.TakeAsync(token);
arrivals.Expect(rate * seconds);
var busy = Stopwatch.GetTimestamp();
var cpu = Process.GetCurrentProcess().TotalProcessorTime;
await PaceAsync(rate, seconds);
var times = await arrivals.TakeAsync(token);
cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu - (idle / seconds * Stopwatch.GetElapsedTime(busy).TotalSeconds);
Add($"{rate:N0} changes/s: UPDATE begun to message read, p50", At(times, 0.5), "ms");
Add($"{rate:N0} changes/s: the same, p99", At(times, 0.99), "ms");
Add($"{rate:N0} changes/s: processor time per change beyond that, of gateway, subscribers and the one that updates", cpu.TotalMicroseconds / times.Count, "µs");

arrivals.Expect(ids.Count);
started = Stopwatch.GetTimestamp();
await ExecuteAsync($"UPDATE service_requests SET note = '{started}', version = version + 1");
var committed = Stopwatch.GetTimestamp();
await arrivals.TakeAsync(token);
Add($"all {ids.Count:N0} rows in one transaction: commit to last message read", Stopwatch.GetElapsedTime(committed).TotalSeconds, "s");
Add("the same, as a rate", ids.Count / Stopwatch.GetElapsedTime(committed).TotalSeconds, "changes/s");
own.ForEach(subscriber => subscriber.Dispose());

arrivals = new Arrivals();
var all = await SubscribeAsync(wide, _ => [""]);
var few = ids.Take(200).ToList();
arrivals.Expect(few.Count * wide);
await ExecuteAsync($"UPDATE service_requests SET note = '{Stopwatch.GetTimestamp()}' WHERE request_id = ANY(ARRAY['{string.Join("','", few)}']::uuid[])");
committed = Stopwatch.GetTimestamp();
await arrivals.TakeAsync(token);
Add($"{wide:N0} subscribers to all rows, {few.Count} changes in one transaction", few.Count * wide / Stopwatch.GetElapsedTime(committed).TotalSeconds, "messages/s");
all.ForEach(subscriber => subscriber.Dispose());

await File.WriteAllTextAsync(Path.Combine(Option("--results", "."), "changes.json"), JsonSerializer.Serialize(lines, JsonSerializerOptions.Web), token);
await app.StopAsync(token);
return 0;

async Task<WebApplication> StartGatewayAsync()
{
    var builder = WebApplication.CreateBuilder();
    builder.WebHost.UseUrls("http://127.0.0.1:0");
    builder.Configuration["ConnectionStrings:Timescale"] = Option("--database", "");
    // These subscribers send no heartbeats.
    builder.Configuration["Gateway:Changes:IdleTimeout"] = "00:15:00";
    builder.Logging.ClearProviders().AddConsole().SetMinimumLevel(LogLevel.Warning);
    var hasher = new CredentialHasher(new byte[32]);
    builder.Services.AddSingleton(hasher);
    builder.Services.AddSingleton(new DispatcherCredential(hasher.Hash(dispatcher.Secret)));
    builder.Services.AddSingleton(new AdminCredential(hasher.Hash(AccessToken.NewAdmin().Secret)));
    builder.Services.AddStore().AddLiveStreams(builder.Configuration);
    builder.AddGateway();
    var gateway = builder.Build();
    gateway.MapGateway();
    await gateway.Services.GetRequiredService<SchemaMigrator>().MigrateAsync(token);
    await gateway.StartAsync(token);
    return gateway;
}

async Task<List<Guid>> CreateRequestsAsync(int count)
{
    await using var command = dataSource.CreateCommand(
        """
        INSERT INTO service_requests (request_id, pickup_lat, pickup_lng, customer_name, note, customer_token_hash)
        SELECT gen_random_uuid(), 48 + n * 1e-5, 11, 'Customer ' || n, '0', '\x00' FROM generate_series(1, $1) n
        RETURNING request_id
        """);
    command.Parameters.Add(new NpgsqlParameter { Value = count });
    var found = new List<Guid>(count);
    await using var reader = await command.ExecuteReaderAsync(token);
    while (await reader.ReadAsync(token))
    {
        found.Add(reader.GetGuid(0));
    }

    return found;
}

async Task<List<Subscriber>> SubscribeAsync(int count, Func<int, IReadOnlyList<string>> filters)
{
    var subscribers = Enumerable.Range(0, count).Select(_ => new Subscriber(address, arrivals)).ToList();
    await Parallel.ForEachAsync(
        subscribers.Index(), new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = token },
        async (subscriber, cancellation) => await subscriber.Item.StartAsync(filters(subscriber.Index), token));
    return subscribers;
}

// Evenly spread over the seconds; as many connections as it takes.
async Task PaceAsync(int perSecond, int howLong)
{
    var random = new Random(7);
    var (begun, running) = (Stopwatch.GetTimestamp(), new List<Task>());
    for (var i = 0; i < perSecond * howLong; i++)
    {
        var due = TimeSpan.FromSeconds((double)i / perSecond) - Stopwatch.GetElapsedTime(begun);
        if (due > TimeSpan.FromMilliseconds(1))
        {
            await Task.Delay(due, TimeProvider.System, token);
        }

        running.Add(ExecuteAsync(
            $"UPDATE service_requests SET note = '{Stopwatch.GetTimestamp()}' WHERE request_id = '{ids[random.Next(ids.Count)]}'"));
    }

    await Task.WhenAll(running);
}

async Task ExecuteAsync(string sql)
{
    await using var command = dataSource.CreateCommand(sql);
    await command.ExecuteNonQueryAsync(token);
}

void Add(string what, double value, string unit)
{
    lines.Add(new { what, value, unit });
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {value:N1} {unit} |"));
}

static double At(IReadOnlyList<double> sorted, double quantile) => sorted[(int)((sorted.Count - 1) * quantile)];

int Number(string name, int otherwise) =>
    int.Parse(Option(name, otherwise.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

string Option(string name, string otherwise) => Array.IndexOf(args, name) is var at and >= 0 ? args[at + 1] : otherwise;
