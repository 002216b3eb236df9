using ArtMqtt.Store;
using ArtMqtt.Store.Schema;
using ArtMqtt.Store.Trips;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Ingest;

/// <summary>Finds the trips and stops of devices whose hours were summed up.</summary>
internal sealed partial class TripService(
    SchemaMigrator migrator, DeviceTripRepository trips, IngestMetrics metrics, IOptions<RollupOptions> options,
    TimeProvider time, ILogger<TripService> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var interval = options.Value.Interval;
        while (!stoppingToken.IsCancellationRequested)
        {
            // First, for trips follow hours; and several nodes need not look at the same moment.
            await Task.Delay(interval * (0.5 + Random.Shared.NextDouble()), time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await UpdateAsync(stoppingToken);
            }
            catch (Exception e) when (StoreErrors.IsOutage(e) || StoreErrors.IsPermanent(e))
            {
                // They stay due, and nothing else waits for them.
                metrics.Failure("trips", e);
                LogFailed(StoreFailure.Describe(e), interval);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task UpdateAsync(CancellationToken stoppingToken)
    {
        await migrator.MigrateAsync(stoppingToken);
        while (await trips.UpdateNextAsync(stoppingToken))
        {
        }
    }

    [LoggerMessage(LogLevel.Warning, "Trips could not be looked for: {Reason}; trying again in about {Interval}")]
    private partial void LogFailed(string reason, TimeSpan interval);
}
