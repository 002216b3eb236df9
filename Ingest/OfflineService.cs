using ArtMqtt.Spool;
using ArtMqtt.Store;
using ArtMqtt.Store.Devices;
using ArtMqtt.Store.Schema;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Ingest;

/// <summary>
/// Tells webhooks of devices that fell silent, and of those that are back. By what is stored, and only as far as all nodes
/// have stored what they received: a database that was away makes nobody offline.
/// </summary>
internal sealed partial class OfflineService(
    SchemaMigrator migrator, SilentDevices devices, ISpool spool, IngestState state, IngestMetrics metrics,
    IOptions<OfflineOptions> options, TimeProvider time, ILogger<OfflineService> logger) : BackgroundService
{
    private readonly Guid _nodeId = Guid.NewGuid();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var interval = options.Value.Interval;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await migrator.MigrateAsync(stoppingToken);
                await LookAsync(stoppingToken);
            }
            catch (Exception e) when (StoreErrors.IsOutage(e) || StoreErrors.IsPermanent(e))
            {
                metrics.Failure("offline", e);
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

    private async Task LookAsync(CancellationToken stoppingToken)
    {
        // In this order: what comes after the clock was read need not be stored.
        var now = time.GetUtcNow();
        var through = spool.Status.Records == 0 ? now : state.StoredThrough;
        await devices.ReportProgressAsync(_nodeId, through, now, stoppingToken);
        await devices.FindBackAsync(stoppingToken);
        await devices.FindSilentAsync(now, options.Value.After, stoppingToken);
    }

    [LoggerMessage(LogLevel.Warning, "Devices that fell silent could not be looked for: {Reason}; trying again in about {Interval}")]
    private partial void LogFailed(string reason, TimeSpan interval);
}
