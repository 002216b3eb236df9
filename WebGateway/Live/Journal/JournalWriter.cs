using System.Threading.Channels;
using ArtMqtt.Live;
using ArtMqtt.Store;
using ArtMqtt.Store.Journal;
using ArtMqtt.Store.Schema;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Live.Journal;

/// <summary>
/// Writes what happens in the live streams to the database, while no watcher waits for it. What cannot be written is
/// missing there, and its number shows it.
/// </summary>
internal sealed partial class JournalWriter(
    ILiveStreams streams, JournalRepository journal, SchemaMigrator migrator, StoreRecovery recovery,
    IOptions<JournalOptions> options, GatewayMetrics metrics, TimeProvider time, ILogger<JournalWriter> logger)
    : BackgroundService, ILiveListener, IHostedLifecycleService
{
    private const int MaxBatch = 10_000;
    private static readonly TimeSpan _forgetEvery = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan _longestWrite = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _longestFarewell = TimeSpan.FromSeconds(5);

    // An entry, or a mark that is set when all before it was written, or failed to be.
    private readonly Channel<(JournalEntry Entry, TaskCompletionSource? Mark)> _queue =
        Channel.CreateBounded<(JournalEntry, TaskCompletionSource?)>(
            new BoundedChannelOptions(options.Value.Capacity) { SingleReader = true });

    private readonly List<JournalEntry> _batch = [];
    private readonly List<TaskCompletionSource> _marks = [];
    private IDisposable? _subscription;

    /// <inheritdoc/>
    public void OnEvent(Guid requestId, NumberedEvent numbered)
    {
        var (epoch, sequence) = numbered.Cursor;
        if (!_queue.Writer.TryWrite((new JournalEntry(requestId, epoch, sequence, time.GetUtcNow(), numbered.Event), null)))
        {
            metrics.NotJournaled(1);
        }
    }

    /// <summary>Waits until what happened before is written, or until a write of it failed.</summary>
    public Task SettleAsync(CancellationToken cancellationToken)
    {
        var mark = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _queue.Writer.TryWrite((default, mark)) ? mark.Task.WaitAsync(cancellationToken) : Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Enabled)
        {
            return;
        }

        _subscription = streams.SubscribeAll(this);
        var failures = 0;
        var forgetAt = time.GetUtcNow();
        try
        {
            while (_batch.Count > 0 || await _queue.Reader.WaitToReadAsync(stoppingToken))
            {
                Fill();
                failures = await TryWriteAsync(forgetAt, stoppingToken) ? 0 : failures + 1;
                forgetAt = time.GetUtcNow() is var now && now >= forgetAt && failures == 0 ? now + _forgetEvery : forgetAt;
                _marks.ForEach(mark => mark.SetResult());
                _marks.Clear();
                await Task.Delay(
                    failures == 0 ? options.Value.WriteInterval : Backoff.After(failures, Random.Shared.NextDouble()),
                    time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The rest is written when nothing happens any more.
        }
    }

    /// <summary>Everything else has stopped: the streams end here, and may go on in the next process.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var farewell = new CancellationTokenSource(_longestFarewell, time);
        await using var isOver = farewell.Token.UnsafeRegister(static l => ((CancellationTokenSource)l!).Cancel(), limit);
        try
        {
            for (Fill(); _batch.Count > 0; Fill())
            {
                if (!await TryWriteAsync(DateTimeOffset.MaxValue, limit.Token))
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Who comes back will find the hole, and gets the snapshot.
        }

        metrics.NotJournaled(_batch.Count + _queue.Reader.Count);
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Fill()
    {
        while (_batch.Count < MaxBatch && _queue.Reader.TryRead(out var next))
        {
            if (next.Mark is { } mark)
            {
                _marks.Add(mark);
            }
            else
            {
                _batch.Add(next.Entry);
            }
        }
    }

    private async Task<bool> TryWriteAsync(DateTimeOffset forgetAt, CancellationToken stoppingToken)
    {
        // Npgsql limits how long it reads, not how long it writes: to a server that is silent it would write for ever.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        limit.CancelAfter(_longestWrite);
        try
        {
            await migrator.MigrateAsync(limit.Token);
            if (_batch.Count > 0)
            {
                await journal.WriteAsync(_batch, limit.Token);
                metrics.Journaled(_batch.Count);
                _batch.Clear();
            }

            if (time.GetUtcNow() >= forgetAt)
            {
                await journal.ForgetAsync(time.GetUtcNow() - options.Value.KeepFor, limit.Token);
            }

            return true;
        }
        catch (Exception e) when (StoreErrors.IsOutage(e) || StoreErrors.IsPermanent(e)
            || (e is OperationCanceledException && !stoppingToken.IsCancellationRequested))
        {
            LogFailed(_batch.Count, StoreFailure.Describe(e));
            recovery.Prepare(e);
            if (StoreErrors.IsPermanent(e))
            {
                metrics.NotJournaled(_batch.Count);
                _batch.Clear();
            }

            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Count} live events could not be written to the journal: {Reason}; trying again")]
    private partial void LogFailed(int count, string reason);
}
