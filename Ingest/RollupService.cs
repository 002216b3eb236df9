using ArtMqtt.Store;
using ArtMqtt.Store.Rollups;
using ArtMqtt.Store.Schema;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Ingest;

/// <summary>Sums up the hours of each device when they are over, and again when positions come late.</summary>
internal sealed partial class RollupService(
    SchemaMigrator migrator, DeviceHourRepository hours, IngestMetrics metrics, IOptions<RollupOptions> options, TimeProvider time,
    ILogger<RollupService> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var interval = options.Value.Interval;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await SumUpAsync(stoppingToken);
            }
            catch (Exception e) when (StoreErrors.IsOutage(e) || StoreErrors.IsPermanent(e))
            {
                metrics.Failure("sum_up", e);
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

    private async Task SumUpAsync(CancellationToken stoppingToken)
    {
        var until = time.GetUtcNow() - options.Value.Grace;
        await migrator.MigrateAsync(stoppingToken);
        bool isMore;
        do
        {
            isMore = await hours.SweepAsync(until, stoppingToken);
            var sums = await hours.SumUpAsync(until, options.Value.BatchSize, stoppingToken);
            metrics.HoursSummed(sums);
            isMore |= sums == options.Value.BatchSize;
        }
        while (isMore);
    }

    [LoggerMessage(LogLevel.Warning, "Hours could not be summed up: {Reason}; trying again in about {Interval}")]
    private partial void LogFailed(string reason, TimeSpan interval);
}
