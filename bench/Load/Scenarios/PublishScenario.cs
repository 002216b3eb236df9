using System.Diagnostics;
using ArtMqtt.Load.Measure;
using ArtMqtt.Load.Mqtt;
using ArtMqtt.Load.Node;
using ArtMqtt.Load.Sockets;
using Npgsql;

namespace ArtMqtt.Load.Scenarios;

/// <summary>As many QoS 1 positions as the server takes, with a fixed number in flight on each device.</summary>
internal sealed class PublishScenario(PublishSettings settings)
{
    private static readonly TimeSpan _answerTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan _storeTimeout = TimeSpan.FromSeconds(120);

    /// <summary>Runs it; returns 0 when every position was acknowledged and, if there is a database, stored.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var loop = new EpollLoop();
        var run = new PublishRun(settings.MaxPositions, settings.Subscribers > 0 ? settings.MaxBehind : 0);
        using var fleet = new Fleet(loop, settings.Server, settings.Version, run);
        await using var database = settings.Database is null ? null : NpgsqlDataSource.Create(settings.Database);
        var table = database is null ? null : new PositionTable(database);
        if (table is not null)
        {
            await table.EmptyAsync(cancellationToken);
        }

        fleet.Subscribe(settings.Subscribers, cancellationToken);
        fleet.Connect(settings.Logins, settings.InFlight, FirstFixMs(), settings.StepMs, cancellationToken);
        var (rate, sending) = Send(loop, fleet, run, cancellationToken);
        var stored = table is null ? null : await WaitForStoreAsync(table, fleet, run, sending, cancellationToken);
        var result = new PublishResult(
            settings.Name, settings.Logins.Count, settings.InFlight, run.Sent, run.Acknowledged, run.Delivered,
            run.Refused.ToDictionary(r => $"0x{r.Key:X2}", r => r.Value), fleet.Failures, rate, stored);
        Report.Write(result, result.Rows(), settings.JsonPath);
        return result.IsComplete(settings.Subscribers) ? 0 : 1;
    }

    // Everything lies in the past, however far the fix times run ahead of the clock, and none is suspiciously old.
    private static long FirstFixMs() => TimeProvider.System.GetUtcNow().AddHours(-1).ToUnixTimeMilliseconds();

    private (MeasuredRate Rate, long SendingSince) Send(
        EpollLoop loop, Fleet fleet, PublishRun run, CancellationToken cancellationToken)
    {
        var meter = new RateMeter(run, settings.Processes);
        var progress = new ProgressLine(run);
        run.IsSending = true;
        var started = Stopwatch.GetTimestamp();
        FillAll(fleet);
        Poll(loop, fleet, run, progress, () => Stopwatch.GetElapsedTime(started) < settings.WarmUp, cancellationToken);
        meter.Start();
        var end = settings.WarmUp + settings.Duration;
        Poll(loop, fleet, run, progress, () => Stopwatch.GetElapsedTime(started) < end, cancellationToken);
        var rate = meter.Stop();

        run.IsSending = false;
        var stopped = Stopwatch.GetTimestamp();
        Poll(loop, fleet, run, progress, () => IsOutstanding(run) && Stopwatch.GetElapsedTime(stopped) < _answerTimeout,
            cancellationToken);
        return (rate, started);
    }

    private bool IsOutstanding(PublishRun run) =>
        run.Answered < run.Sent || run.Delivered < run.Acknowledged * settings.Subscribers;

    private void Poll(
        EpollLoop loop, Fleet fleet, PublishRun run, ProgressLine progress, Func<bool> goesOn,
        CancellationToken cancellationToken)
    {
        while (goesOn() && !cancellationToken.IsCancellationRequested && fleet.HasLiving
            && (!run.IsSending || run.Sent < settings.MaxPositions || run.Answered < run.Sent))
        {
            loop.Poll(10);
            progress.Tick();
            if (run.HeldBack)
            {
                run.HeldBack = false;
                FillAll(fleet);
            }
        }
    }

    private static void FillAll(Fleet fleet)
    {
        foreach (var publisher in fleet.Publishers)
        {
            publisher.Fill();
        }
    }

    private async Task<StoredResult> WaitForStoreAsync(
        PositionTable table, Fleet fleet, PublishRun run, long sendingSince, CancellationToken cancellationToken)
    {
        var answered = Stopwatch.GetElapsedTime(sendingSince).TotalSeconds;
        var before = await table.CountAsync(cancellationToken);
        var newest = settings.Logins.Zip(fleet.Publishers, (login, device) => (login.DeviceId, device.LastFixMs)).ToList();
        var isDrained = await table.WaitForAsync(newest, _storeTimeout, cancellationToken);
        var drained = Stopwatch.GetElapsedTime(sendingSince).TotalSeconds;
        var rows = await table.CountAsync(cancellationToken);
        var drain = drained - answered;
        return new StoredResult(
            rows, rows == run.Acknowledged, isDrained, drain, (rows - before) / drain, rows / drained);
    }
}
