using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Load.Measure;
using ArtMqtt.Load.Node;
using ArtMqtt.Load.Sockets;

namespace ArtMqtt.Load.Live;

/// <summary>Watchers who were cut off for long come back with their cursor: the time until they have what they missed.</summary>
internal sealed class ResumeScenario(NodeApi api, IPEndPoint http, IPEndPoint mqtt, int behind, int tries, int atOnce)
{
    private const int PublishesPerSecond = 200;
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(30);
    private readonly LiveTally _tally = new();

    /// <summary>Runs it; throws when a watcher did not get everything.</summary>
    public async Task<ResumeResult> RunAsync(CancellationToken cancellationToken)
    {
        using var loop = new EpollLoop();
        using var node = new NodeServer(api, http, mqtt, packs: false);
        await node.PrepareAsync(loop, 1, cancellationToken);
        var request = node.Requests[0];
        using var client = new HttpClient { BaseAddress = new Uri($"http://{http}/") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", request.TrackingToken);
        var events = $"api/requests/{request.RequestId}/events";
        Until(loop, () => node.IsPrepared, cancellationToken);
        var cursor = (await client.GetFromJsonAsync<JsonElement>(events, cancellationToken)).GetProperty("cursor").GetString()!;
        Publish(loop, node, cancellationToken);
        var path = $"{events}?since={Uri.EscapeDataString(cursor)}";
        while (CountOf(await client.GetStringAsync(path, cancellationToken)) < behind)
        {
            loop.Poll(20);
        }

        var poll = new Histogram();
        for (var i = 0; i < tries; i++)
        {
            var started = Stopwatch.GetTimestamp();
            Verify(await client.GetStringAsync(path, cancellationToken));
            poll.Record(started, Stopwatch.GetTimestamp());
        }

        var (one, many) = (new Histogram(), new Histogram());
        for (var i = 0; i < tries; i++)
        {
            Join(loop, request, cursor, 1, one, cancellationToken);
        }

        Join(loop, request, cursor, atOnce, many, cancellationToken);
        return new ResumeResult(behind, one.Summarize(), poll.Summarize(), atOnce, many.Summarize());
    }

    private static int CountOf(string reply) => JsonDocument.Parse(reply).RootElement
        .GetProperty("missed").EnumerateArray().Count(e => e.GetProperty("name").GetString() == LocationEvent.OperatorName);

    private static void Until(EpollLoop loop, Func<bool> isDone, CancellationToken cancellationToken)
    {
        while (!isDone())
        {
            cancellationToken.ThrowIfCancellationRequested();
            loop.Poll(1);
        }
    }

    private void Publish(EpollLoop loop, NodeServer node, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        for (var published = 0; published < behind;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var due = (int)(Stopwatch.GetElapsedTime(started).TotalSeconds * PublishesPerSecond);
                published < due && published < behind; published++)
            {
                node.Publish(0);
            }

            loop.Poll(1);
        }
    }

    private void Join(
        EpollLoop loop, TrackedRequest request, string cursor, int count, Histogram times, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var waiting = Enumerable.Range(0, count)
            .Select(_ => new HubWatcher(loop, Loopback.Connect(http), _tally, request, packs: false, cursor)).ToList();
        var replies = new List<string>();
        while (waiting.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            loop.Poll(1);
            foreach (var watcher in waiting.Where(w => w.IsReady || w.Ended is not null).ToList())
            {
                times.Record(started, Stopwatch.GetTimestamp());
                replies.Add(watcher.Reply ?? throw new InvalidOperationException($"A watcher could not come back: {watcher.Ended}"));
                watcher.Dispose();
                waiting.Remove(watcher);
            }

            if (Stopwatch.GetElapsedTime(started) > _longest)
            {
                throw new TimeoutException($"{waiting.Count} watchers were not answered within {_longest}.");
            }
        }

        // Only now: looking through them takes longer than to receive them.
        foreach (var reply in replies)
        {
            Verify(JsonDocument.Parse(reply).RootElement.GetProperty("result").GetRawText());
        }
    }

    private void Verify(string reply)
    {
        using var json = JsonDocument.Parse(reply);
        var numbers = json.RootElement.GetProperty("missed").EnumerateArray().Select(e => e.GetProperty("seq").GetInt64()).ToList();
        // That the operator's device is connected may be told among them.
        if (!json.RootElement.GetProperty("recovered").GetBoolean() || CountOf(reply) != behind
            || numbers.Zip(numbers.Skip(1)).Any(pair => pair.Second != pair.First + 1))
        {
            throw new InvalidOperationException($"Of {behind} events a watcher missed, it got {CountOf(reply)}.");
        }
    }
}
