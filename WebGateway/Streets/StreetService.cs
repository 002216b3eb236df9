using ArtMqtt.Store;
using ArtMqtt.WebGateway.Pages;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Streets;

/// <summary>Learns the streets some time after the start, and again from time to time; not when there is a file of them.</summary>
internal sealed partial class StreetService(
    LearnedStreets streets, IOptions<StreetOptions> options, IOptions<MapOptions> map, TimeProvider time,
    ILogger<StreetService> logger) : BackgroundService
{
    private static readonly TimeSpan _afterStart = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _afterFailure = TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Enabled || map.Value.StreetsFile is { Length: > 0 })
        {
            return;
        }

        var interval = options.Value.Interval;
        var wait = Shorter(_afterStart, interval);
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                wait = interval;
                var started = time.GetTimestamp();
                LogLearned(await streets.LearnAsync(stoppingToken), time.GetElapsedTime(started));
            }
            catch (Exception e) when (StoreErrors.IsOutage(e))
            {
                // The old ones stay.
                wait = Shorter(_afterFailure, interval);
                LogFailed(StoreFailure.Describe(e), wait);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    [LoggerMessage(LogLevel.Debug, "Learned {Count} streets in {Duration}")]
    private partial void LogLearned(int count, TimeSpan duration);

    [LoggerMessage(LogLevel.Warning, "Streets could not be learned: {Reason}; trying again in {Wait}")]
    private partial void LogFailed(string reason, TimeSpan wait);
}
