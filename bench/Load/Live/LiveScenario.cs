using System.Diagnostics;
using ArtMqtt.Load.Measure;
using ArtMqtt.Load.Sockets;

namespace ArtMqtt.Load.Live;

/// <summary>Watchers on requests whose operators publish at an even pace: what one server delivers, how soon, at which cost.</summary>
/// <param name="name">The server and how it is asked.</param>
/// <param name="server">The server.</param>
/// <param name="shape">The load.</param>
/// <param name="processId">Its process.</param>
/// <param name="time">How long to measure.</param>
internal sealed class LiveScenario(string name, ILiveServer server, LiveShape shape, int processId, TimeSpan time)
{
    private const int ConnectsAtOnce = 64;
    private static readonly TimeSpan _warmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan _settle = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _lastArrivals = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _connectTimeout = TimeSpan.FromMinutes(2);

    // Below the 30 s after which a node gives a silent client up.
    private static readonly TimeSpan _keepAlive = TimeSpan.FromSeconds(10);

    private readonly LiveTally _tally = new();
    private readonly List<WebSocketClient> _watchers = [];
    private long _started;
    private long _published;
    private long _keptAlive;

    /// <summary>Runs it.</summary>
    public async Task<LiveResult> RunAsync(CancellationToken cancellationToken)
    {
        using var loop = new EpollLoop();
        await server.PrepareAsync(loop, shape.Requests, cancellationToken);
        return await Task.Run(() => Measure(loop, cancellationToken), cancellationToken);
    }

    private LiveResult Measure(EpollLoop loop, CancellationToken cancellationToken)
    {
        Until(loop, _connectTimeout, () => server.IsPrepared, cancellationToken);
        var memory = ProcessCpu.MemoryMb(processId);
        var connects = Connect(loop, cancellationToken);
        Until(loop, _settle, () => false, cancellationToken);
        memory = ProcessCpu.MemoryMb(processId) - memory;

        (_started, _keptAlive) = (Stopwatch.GetTimestamp(), 0);
        Publish(loop, _warmUp, cancellationToken);
        _tally.Latency.Clear();
        var (delivered, bytes) = (_tally.Delivered, _tally.Bytes);
        var (cpu, own, began) = (ProcessCpu.Seconds(processId), Libc.ThreadCpuSeconds(), Stopwatch.GetTimestamp());
        Publish(loop, _warmUp + time, cancellationToken);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        (cpu, own) = (ProcessCpu.Seconds(processId) - cpu, Libc.ThreadCpuSeconds() - own);
        (delivered, bytes) = (_tally.Delivered - delivered, _tally.Bytes - bytes);
        var latency = _tally.Latency.Summarize();

        var expected = _published * shape.Watchers;
        Until(loop, _lastArrivals, () => _tally.Delivered >= expected, cancellationToken);
        var failures = _watchers.Where(watcher => watcher.Ended is not null).GroupBy(watcher => watcher.Ended!)
            .ToDictionary(group => group.Key, group => group.Count());
        _watchers.ForEach(watcher => watcher.Dispose());
        return new LiveResult(
            name, shape.ToString(), shape.Offered, delivered / seconds, expected - _tally.Delivered, latency,
            cpu * 1e6 / Math.Max(1, delivered), cpu / seconds, own / seconds, (double)bytes / Math.Max(1, delivered),
            memory * 1024 / shape.Connections, connects, failures);
    }

    private double Connect(EpollLoop loop, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var open = new List<WebSocketClient>();
        for (var i = 0; i < shape.Connections; i++)
        {
            open.Add(server.Watch(loop, _tally, i % shape.Requests));
            _watchers.Add(open[^1]);
            if (open.Count >= ConnectsAtOnce || i == shape.Connections - 1)
            {
                var most = i == shape.Connections - 1 ? 0 : ConnectsAtOnce - 1;
                Until(loop, _connectTimeout, () => open.RemoveAll(IsDone) >= 0 && open.Count <= most, cancellationToken);
            }
        }

        return shape.Connections / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static bool IsDone(WebSocketClient watcher) => watcher.Ended is null
        ? watcher.IsReady
        : throw new InvalidOperationException($"A watcher could not connect: {watcher.Ended}");

    // Evenly spread over time and requests, whatever comes back.
    private void Publish(EpollLoop loop, TimeSpan until, CancellationToken cancellationToken)
    {
        var perSecond = shape.Requests * shape.PerSecond;
        while (Stopwatch.GetElapsedTime(_started) is var elapsed && elapsed < until)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var due = (long)(elapsed.TotalSeconds * perSecond); _published < due; _published++)
            {
                server.Publish((int)(_published % shape.Requests));
            }

            KeepAlive(elapsed);
            loop.Poll(1);
        }
    }

    private void KeepAlive(TimeSpan elapsed)
    {
        for (var due = (long)(elapsed / _keepAlive * _watchers.Count); _keptAlive < due; _keptAlive++)
        {
            _watchers[(int)(_keptAlive % _watchers.Count)].KeepAlive();
        }
    }

    private static void Until(EpollLoop loop, TimeSpan longest, Func<bool> isDone, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (!isDone() && Stopwatch.GetElapsedTime(started) is var elapsed && elapsed < longest)
        {
            cancellationToken.ThrowIfCancellationRequested();
            loop.Poll(1);
        }
    }
}
