using System.Diagnostics;
using ArtMqtt.Load.Measure;
using ArtMqtt.Load.Mqtt;
using ArtMqtt.Load.Node;
using ArtMqtt.Load.Sockets;

namespace ArtMqtt.Load.Scenarios;

/// <summary>
/// From PUBLISH to the callback of a SignalR client, at a pace that leaves every machine idle: how fast the way is, not
/// how much fits through it. One process publishes and watches, so one clock measures.
/// </summary>
internal sealed class LatencyScenario(LatencySettings settings)
{
    private const int InFlight = 16;
    private static readonly TimeSpan _arrivalTimeout = TimeSpan.FromSeconds(5);

    private readonly Arrivals _arrivals = new();

    /// <summary>Runs it; returns 0 when every position arrived once.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var api = new NodeApi(settings.Node, settings.TokenFile);
        var requests = new List<TrackedRequest>();
        var watchers = new List<Watcher>();
        try
        {
            foreach (var login in settings.Logins)
            {
                var request = await api.StartRequestAsync(login.DeviceId, cancellationToken);
                requests.Add(request);
                watchers.Add(new Watcher(
                    settings.Node, request, (fixMs, at) => _arrivals.Arrive(request.RequestId, fixMs, at)));
                await watchers[^1].JoinAsync(cancellationToken);
            }

            var result = await Task.Run(() => Publish(requests, watchers, cancellationToken), cancellationToken);
            Report.Write(result, result.Rows(), settings.JsonPath);
            return result.IsComplete ? 0 : 1;
        }
        finally
        {
            foreach (var watcher in watchers)
            {
                await watcher.DisposeAsync();
            }

            foreach (var request in requests)
            {
                await api.EndRequestAsync(request.RequestId, CancellationToken.None);
            }
        }
    }

    private LatencyResult Publish(
        List<TrackedRequest> requests, List<Watcher> watchers, CancellationToken cancellationToken)
    {
        using var loop = new EpollLoop();
        var run = new PublishRun(0, 0); // Nobody fills windows: each publish has its time.
        using var fleet = new Fleet(loop, settings.Server, settings.Version, run);
        fleet.Connect(settings.Logins, InFlight, NowMs(), 1, cancellationToken);

        var progress = new ProgressLine(run);
        Pace(loop, fleet, requests, progress, settings.WarmUp, cancellationToken);
        WaitForArrivals(loop, cancellationToken);
        _arrivals.Restart();
        run.Latency.Clear();

        var before = run.Sent;
        var started = Stopwatch.GetTimestamp();
        Pace(loop, fleet, requests, progress, settings.Duration, cancellationToken);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        WaitForArrivals(loop, cancellationToken);
        var published = run.Sent - before;
        return new LatencyResult(
            requests.Count, published / seconds, published, _arrivals.Missing, _arrivals.Unknown, fleet.Failures,
            watchers.Count(watcher => !watcher.IsConnected), run.Latency.Summarize(), _arrivals.Summarize());
    }

    // The devices take turns at equal distances, so the pace is even and no two publish at once.
    private void Pace(
        EpollLoop loop, Fleet fleet, List<TrackedRequest> requests, ProgressLine progress, TimeSpan duration,
        CancellationToken cancellationToken)
    {
        var distance = settings.Period / fleet.Publishers.Count;
        var turns = (long)(duration / distance);
        var started = Stopwatch.GetTimestamp();
        for (var turn = 0L; turn < turns && fleet.HasLiving; turn++)
        {
            while (Stopwatch.GetElapsedTime(started) < distance * turn)
            {
                cancellationToken.ThrowIfCancellationRequested();
                loop.Poll(1);
            }

            var device = (int)(turn % fleet.Publishers.Count);
            var publisher = fleet.Publishers[device];
            if (publisher.CanPublish)
            {
                var fixMs = Math.Max(NowMs(), publisher.LastFixMs + 1);
                _arrivals.Expect(requests[device].RequestId, fixMs, Stopwatch.GetTimestamp());
                publisher.Publish(fixMs);
            }

            progress.Tick();
        }
    }

    private void WaitForArrivals(EpollLoop loop, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (_arrivals.Missing > 0 && Stopwatch.GetElapsedTime(started) < _arrivalTimeout)
        {
            cancellationToken.ThrowIfCancellationRequested();
            loop.Poll(10);
        }
    }

    private static long NowMs() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
}
