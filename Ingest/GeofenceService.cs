using ArtMqtt.Store;
using ArtMqtt.Store.Geofences;
using ArtMqtt.Store.Schema;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Ingest;

/// <summary>Takes devices with new positions through the geofences; beside the writing of positions, never in its way.</summary>
internal sealed partial class GeofenceService(
    SchemaMigrator migrator, GeofenceEvaluator geofences, IngestMetrics metrics, IOptions<GeofenceOptions> options,
    TimeProvider time, ILogger<GeofenceService> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var interval = options.Value.Interval;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await migrator.MigrateAsync(stoppingToken);
                metrics.GeofencesCrossed(await geofences.EvaluateAsync(options.Value.ToRules(), stoppingToken));
            }
            catch (Exception e) when (StoreErrors.IsOutage(e) || StoreErrors.IsPermanent(e))
            {
                // Nothing is told and nothing forgotten: the same positions are looked at again.
                metrics.Failure("geofences", e);
                LogFailed(StoreFailure.Describe(e), interval);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Geofences could not be looked at: {Reason}; trying again in {Interval}")]
    private partial void LogFailed(string reason, TimeSpan interval);
}
