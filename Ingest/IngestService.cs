using ArtMqtt.Spool;
using ArtMqtt.Store;
using ArtMqtt.Store.Schema;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Ingest;

/// <summary>Moves records from the spool to the store, oldest first, and acknowledges what is committed.</summary>
/// <remarks>
/// A crash at any point loses nothing and doubles nothing: what was not acknowledged is read again, and the store
/// skips what it has. While the database is down the batch stays, and the rest waits in the spool.
/// </remarks>
internal sealed partial class IngestService(
    ISpool spool, BatchReader reader, SchemaMigrator migrator, BatchStore store, StoreRecovery recovery,
    IngestState state, IngestMetrics metrics, IOptions<IngestOptions> options, TimeProvider time,
    ILogger<IngestService> logger) : BackgroundService
{
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(20);
    private readonly CancellationTokenSource _abort = new();

    /// <summary>
    /// Stores what is left in the spool as far as time allows, finishes and acknowledges the batch in work, then
    /// stops; gives that one up only when the host's time is over. Whoever fills the spool has to be stopped before.
    /// </summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await DrainAsync(cancellationToken);
        await using var deadline = cancellationToken.UnsafeRegister(_ => _abort.Cancel(), null);
        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _abort.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var batch = await TryAsync("read", () => reader.ReadAsync(stoppingToken), stoppingToken);
                state.Stepped();
                await TryAsync("store", () => StoreAsync(batch), stoppingToken);
                await TryAsync("acknowledge", () => AcknowledgeAsync(batch.Last), stoppingToken);
                LogStored(batch.Positions, batch.Rejected.Count, batch.Last);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            LogStopped(spool.Status.Records);
        }
        finally
        {
            await reader.EndAsync();
        }
    }

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (ExecuteTask is { IsCompleted: false } && spool.Status.Records > 0 && state.Failure is null
            && time.GetElapsedTime(started) < options.Value.DrainTimeout && !cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(_look, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async ValueTask<bool> StoreAsync(IngestBatch batch)
    {
        await migrator.MigrateAsync(_abort.Token);
        await store.StoreAsync(batch, _abort.Token);
        state.Recovered();
        return true;
    }

    private async ValueTask<bool> AcknowledgeAsync(long through)
    {
        await spool.AcknowledgeAsync(through, _abort.Token);
        return true;
    }

    // Everything here may be repeated, so whatever fails from outside is simply done again, later and later while
    // nothing moves.
    private async Task<T> TryAsync<T>(string step, Func<ValueTask<T>> action, CancellationToken stoppingToken)
    {
        for (var (attempt, steps) = (1, state.Steps); ; attempt++)
        {
            try
            {
                return await action();
            }
            catch (Exception e) when (StoreErrors.IsOutage(e) && !_abort.IsCancellationRequested)
            {
                recovery.Prepare(e);
                if (state.Steps != steps)
                {
                    (attempt, steps) = (1, state.Steps);
                }

                var delay = Backoff.After(attempt, Random.Shared.NextDouble());
                var reason = StoreFailure.Describe(e);
                state.Failed(reason);
                metrics.Failure(step, e);
                LogFailed(step, attempt, reason, delay);
                await Task.Delay(delay, time, stoppingToken);
            }
        }
    }

    [LoggerMessage(LogLevel.Debug, "Stored {Positions} positions and {Letters} dead letters, through record {Last}")]
    private partial void LogStored(int positions, int letters, long last);

    [LoggerMessage(LogLevel.Warning, "Could not {Step} (attempt {Attempt}): {Reason}; trying again in {Delay}")]
    private partial void LogFailed(string step, int attempt, string reason, TimeSpan delay);

    [LoggerMessage(LogLevel.Information, "Stopped; {Waiting} records wait in the spool")]
    private partial void LogStopped(long waiting);
}
