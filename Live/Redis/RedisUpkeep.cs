using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Live.Redis;

/// <summary>Keeps the connection to Redis, makes good what was missed while it was gone, and leaves streams that nobody watches.</summary>
internal sealed class RedisUpkeep(
    RedisLink link, RedisLiveStreams streams, ClientClaims claims, IOptions<RedisOptions> options, TimeProvider time) : BackgroundService
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
                if ((link.Failure is null || await link.TryAsync(stoppingToken))
                    && await claims.CatchUpAsync(stoppingToken) && await streams.HealAsync(stoppingToken))
                {
                    link.Healed();
                }

                await streams.EvictIdleAsync(stoppingToken);
                await Task.Delay(_shortest, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end.
        }
    }
}
