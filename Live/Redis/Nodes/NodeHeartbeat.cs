using ArtMqtt.Live.Nodes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ArtMqtt.Live.Redis.Nodes;

/// <summary>Tells the other nodes every now and then how this one is doing, and hears how they are.</summary>
internal sealed class NodeHeartbeat(
    RedisLink link, ThisNode node, NodeCommands commands, RedisNodeList list, IOptions<NodesOptions> options, TimeProvider time)
    : BackgroundService
{
    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryAsync(commands.LeaveAsync);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.HeartbeatInterval, time);
        try
        {
            do
            {
                var report = await node.ReportAsync(stoppingToken);
                if (!await TryAsync(async () => list.Take(await commands.BeatAsync(report))))
                {
                    list.Lose();
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end.
        }
    }

    private async Task<bool> TryAsync(Func<Task> call)
    {
        if (!link.IsUsable)
        {
            return false;
        }

        try
        {
            await call();
            return true;
        }
        catch (RedisServerException)
        {
            // It refuses, being full perhaps: the streams say so when they are refused.
            return false;
        }
        catch (Exception e) when (RedisLink.IsOutage(e))
        {
            link.Failed(e);
            return false;
        }
    }
}
