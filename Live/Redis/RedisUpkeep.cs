using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Live.Redis;

/// <summary>Keeps the connection to Redis, makes good what was missed while it was gone, and leaves streams that nobody watches.</summary>
internal sealed partial class RedisUpkeep(
    RedisLink link, FollowedStreams streams, ClientClaims claims, IOptions<RedisOptions> options, TimeProvider time,
    ILogger<RedisUpkeep> logger) : BackgroundService
{
    // What came out of order has a moment to come: looking again earlier would find nothing new.
    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // The first requests should find it when it is there.
        if (await link.TryAsync(cancellationToken) && await claims.CatchUpAsync(cancellationToken))
        {
            link.Healed();
        }

        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await link.WaitForTroubleAsync(options.Value.RetryInterval, stoppingToken);
                await KeepAsync(stoppingToken);
                await Task.Delay(link.Failure is null ? _shortest : options.Value.RetryInterval, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end.
        }
    }

    private async Task KeepAsync(CancellationToken stoppingToken)
    {
        try
        {
            // Silence that came while streams healed needs another ping, whatever was cleared after it.
            if ((link.Failure is null && link.IsUsable) || await link.TryAsync(stoppingToken))
            {
                // Claims that wait for a shard of a cluster do not keep the streams of the others from healing.
                var isCaughtUp = await claims.CatchUpAsync(stoppingToken);
                if (await streams.HealAsync(stoppingToken) && isCaughtUp)
                {
                    link.Healed();
                }
            }

            await streams.EvictIdleAsync(stoppingToken);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            // Nobody else makes good what is missing.
            LogFailed(e);
        }
    }

    [LoggerMessage(LogLevel.Error, "The live streams in Redis could not be looked after; that is tried again")]
    private partial void LogFailed(Exception exception);
}
