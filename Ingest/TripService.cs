using System.Data.Common;
using ArtMqtt.Store;
using ArtMqtt.Store.Trips;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Ingest;

/// <summary>Finds the trips and stops of devices whose hours were summed up.</summary>
internal sealed partial class TripService(
    DeviceTripRepository trips, IngestMetrics metrics, IOptions<RollupOptions> options, TimeProvider time,
    ILogger<TripService> logger) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var interval = options.Value.Interval;
        while (!stoppingToken.IsCancellationRequested)
        {
            // Several nodes need not look at the same moment, and at the start there may be no tables yet.
            await Task.Delay(interval * (0.5 + Random.Shared.NextDouble()), time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                while (await trips.UpdateNextAsync(stoppingToken))
                {
                }
            }
            catch (Exception e) when (e is DbException || StoreErrors.IsOutage(e))
            {
                // They stay due, and nothing else waits for them.
                metrics.Failure("trips");
                LogFailed(e.Message, interval);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Trips could not be looked for: {Reason}; trying again in about {Interval}")]
    private partial void LogFailed(string reason, TimeSpan interval);
}
