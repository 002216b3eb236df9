using ArtMqtt.Live.Nodes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Live.Redis.Nodes;

/// <summary>Tells the other nodes every now and then how this one is doing, and hears how they are.</summary>
internal sealed partial class NodeHeartbeat(
    RedisLink link, ThisNode node, NodeCommands commands, RedisNodeList list, IOptions<NodesOptions> options, TimeProvider time,
    ILogger<NodeHeartbeat> logger) : BackgroundService
{
    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await link.TryAskAsync(commands.LeaveAsync);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.HeartbeatInterval, time);
        try
        {
            do
            {
                await TryBeatAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end.
        }
    }

    private async Task TryBeatAsync(CancellationToken stoppingToken)
    {
        try
        {
            var report = await node.ReportAsync(stoppingToken);
            if (!await link.TryAskAsync(async () => list.Take(await commands.BeatAsync(report))))
            {
                list.Lose();
            }
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            // What one node says must not end the others.
            LogFailed(e);
            list.Lose();
        }
    }

    [LoggerMessage(LogLevel.Error, "The other nodes could not be told how this one is, or be understood; that is tried again")]
    private partial void LogFailed(Exception exception);
}
