using ArtMqtt.Live;
using ArtMqtt.WebGateway.Errors;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Live;

/// <summary>Opens and ends connections, at most <see cref="LiveFeedOptions.MaxConnections"/> at a time.</summary>
internal sealed class WatchingConnections(
    ILiveStreams streams, IHubContext<TrackingHub> hub, IOptions<LiveFeedOptions> options, GatewayMetrics metrics,
    TimeProvider time, ILogger<WatchingConnection> logger)
{
    private static readonly object _key = new();
    private int _count;

    /// <summary>The connection of a hub call.</summary>
    public static WatchingConnection Of(HubCallerContext context) => (WatchingConnection)context.Items[_key]!;

    public void Open(HubCallerContext context)
    {
        if (Interlocked.Increment(ref _count) > options.Value.MaxConnections)
        {
            Interlocked.Decrement(ref _count);
            throw HubErrors.Create(ErrorCodes.TooManyConnections, "This server has no place left; try again later.");
        }

        metrics.ConnectionsChanged(+1);
        context.Items[_key] = new WatchingConnection(
            context, hub.Clients.Client(context.ConnectionId), streams, options.Value, metrics, time, logger);
    }

    public async Task EndAsync(HubCallerContext context)
    {
        if (context.Items.Remove(_key, out var connection))
        {
            Interlocked.Decrement(ref _count);
            metrics.ConnectionsChanged(-1);
            await ((WatchingConnection)connection!).DisposeAsync();
        }
    }
}
