using System.Diagnostics;
using System.Globalization;
using System.Text;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Live.Bench;

// Two nodes' live streams with one Redis beside those of a node that is alone; started by bench/nodes.
// Usage: --redis HOST:PORT --redis-process PID --seconds N --results FILE
var redis = Option("--redis");
var seconds = int.Parse(Option("--seconds"), CultureInfo.InvariantCulture);
using var redisProcess = Process.GetProcessById(int.Parse(Option("--redis-process"), CultureInfo.InvariantCulture));
using var self = Process.GetCurrentProcess();
await using var alone = await LiveHost.StartAsync(null);
await using var publisher = await LiveHost.StartAsync(redis);
await using var watcher = await LiveHost.StartAsync(redis);
var page = new StringBuilder();
page.Append("""
    # Live events between nodes

    Written by `bench/nodes`; [what the figures mean](../README.md#benchnodes).

    | requests | watched | events/s | heard/s | p50 ms | p99 ms | nodes, µs an event | Redis, µs an event |
    | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |

    """);
await RunAsync("one node, in memory", alone, alone, requests: 1_000, watched: 1_000, perSecond: 2_000);
await RunAsync("two nodes, all watched on the other", publisher, watcher, requests: 1_000, watched: 1_000, perSecond: 2_000);
await RunAsync("two nodes, 1 in 100 watched", publisher, watcher, requests: 1_000, watched: 10, perSecond: 500);
await RunAsync("the same, ten times the fleet", publisher, watcher, requests: 10_000, watched: 10, perSecond: 5_000);
await File.WriteAllTextAsync(Option("--results"), page.ToString());
Console.WriteLine(page);
return 0;

string Option(string name) =>
    Array.IndexOf(args, name) is var at and >= 0 ? args[at + 1] : throw new ArgumentException($"{name} is missing.");

async Task RunAsync(string name, LiveHost from, LiveHost to, int requests, int watched, int perSecond)
{
    var ids = Enumerable.Range(0, requests).Select(_ => Guid.NewGuid()).ToArray();
    var arrivals = new Arrivals();
    var subscriptions = new List<IDisposable>();
    foreach (var id in ids.Take(watched))
    {
        subscriptions.Add(await to.Streams.SubscribeAsync(id, null, arrivals, default));
    }

    await PublishAsync(from, ids, perSecond, TimeSpan.FromSeconds(2));
    arrivals.Clear();
    var (nodes, server) = (Used(self), Used(redisProcess));
    var published = await PublishAsync(from, ids, perSecond, TimeSpan.FromSeconds(seconds));
    await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
    page.Append(
        CultureInfo.InvariantCulture,
        $"| {name}, {requests:N0} | {watched:N0} | {(double)published / seconds:N0} | {(double)arrivals.Count / seconds:N0} | {arrivals.Within(500):0.00} | {arrivals.Within(990):0.00} | {(Used(self) - nodes).TotalMicroseconds / published:0} | {(Used(redisProcess) - server).TotalMicroseconds / published:0} |\n");
    subscriptions.ForEach(subscription => subscription.Dispose());
}

// Each request in its turn, a hundred times a second what is due.
static async Task<int> PublishAsync(LiveHost node, Guid[] ids, int perSecond, TimeSpan time)
{
    var pending = new List<Task>();
    var started = Stopwatch.GetTimestamp();
    var published = 0;
    using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
    while (Stopwatch.GetElapsedTime(started) is var elapsed && elapsed < time)
    {
        for (var due = (int)(elapsed.TotalSeconds * perSecond); published < due; published++)
        {
            var place = new LocationEvent(PositionRole.Operator, 48.1, 11.5, Stopwatch.GetTimestamp(), 13.2f, 90, 5);
            pending.Add(node.Streams.PublishAsync(ids[published % ids.Length], place, default).AsTask());
        }

        await Task.WhenAll(pending);
        pending.Clear();
        await timer.WaitForNextTickAsync();
    }

    return published;
}

static TimeSpan Used(Process process)
{
    process.Refresh();
    return process.TotalProcessorTime;
}
