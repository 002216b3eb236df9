using ArtMqtt.Store;
using ArtMqtt.Store.LifeCycle;
using ArtMqtt.Store.Schema;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Ingest;

/// <summary>Removes what is too old, repeats erasures, compresses what does not change any more.</summary>
internal sealed partial class RetentionService(
    SchemaMigrator migrator, RetentionRepository retention, ErasureRepository erasures, ChunkRepository chunks,
    IngestMetrics metrics, IOptions<RetentionOptions> options, TimeProvider time, ILogger<RetentionService> logger)
    : BackgroundService
{
    private static readonly TimeSpan _soon = TimeSpan.FromMinutes(1);

    private bool _isSetUp;
    private bool _canCompress;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var interval = options.Value.Interval;
            try
            {
                await migrator.MigrateAsync(stoppingToken);
                await SetUpAsync(stoppingToken);
                await ForgetAsync(stoppingToken);
                await CompressAsync(stoppingToken);
            }
            catch (Exception e) when (StoreErrors.IsOutage(e) || StoreErrors.IsPermanent(e))
            {
                interval = interval < _soon ? interval : _soon;
                metrics.Failure("forget", e);
                LogFailed(StoreFailure.Describe(e), interval);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            // Several nodes need not look at the same moment.
            await Task.Delay(interval * (0.5 + Random.Shared.NextDouble()), time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SetUpAsync(CancellationToken stoppingToken)
    {
        if (_isSetUp)
        {
            return;
        }

        var before = await chunks.SetIntervalAsync(options.Value.ChunkInterval, stoppingToken);
        if (before != options.Value.ChunkInterval)
        {
            LogChunkInterval(options.Value.ChunkInterval, before);
        }

        _canCompress = options.Value.CompressAfter > TimeSpan.Zero && await chunks.CanCompressAsync(stoppingToken);
        if (options.Value.CompressAfter > TimeSpan.Zero && !_canCompress)
        {
            LogNotCompressed();
        }

        _isSetUp = true;
    }

    private async Task ForgetAsync(CancellationToken stoppingToken)
    {
        var erased = await erasures.RepeatAsync(options.Value.ErasuresOpenFor, stoppingToken);
        if (erased > 0)
        {
            LogErased(erased);
        }

        if (await retention.ApplyAsync(options.Value.ToPolicy(), stoppingToken) is { } forgotten)
        {
            metrics.Forgotten(forgotten);
            if (forgotten.Chunks + forgotten.Rows > 0)
            {
                LogForgotten(forgotten.Chunks, forgotten.Rows);
            }
        }
    }

    private async Task CompressAsync(CancellationToken stoppingToken)
    {
        while (_canCompress
            && await chunks.CompressNextAsync(time.GetUtcNow() - options.Value.CompressAfter, stoppingToken))
        {
            metrics.ChunkCompressed();
        }
    }

    [LoggerMessage(LogLevel.Information, "Chunks of positions made from now on hold {Interval} instead of {Before}")]
    private partial void LogChunkInterval(TimeSpan interval, TimeSpan before);

    [LoggerMessage(LogLevel.Information,
        "Positions are not compressed: this TimescaleDB is the Apache edition, which cannot. A position takes about 180 "
        + "bytes of disk; Ingest:Retention:Positions limits how many are kept, the full edition compresses them")]
    private partial void LogNotCompressed();

    [LoggerMessage(LogLevel.Information, "Removed {Chunks} chunks and {Rows} rows that were too old")]
    private partial void LogForgotten(long chunks, long rows);

    [LoggerMessage(LogLevel.Information, "Erased {Positions} positions that came after their erasure")]
    private partial void LogErased(long positions);

    [LoggerMessage(LogLevel.Warning, "What is too old could not be removed: {Reason}; trying again in about {Interval}")]
    private partial void LogFailed(string reason, TimeSpan interval);
}
