using System.Collections.Concurrent;
using ArtMqtt.Live;
using ArtMqtt.WebGateway.Errors;
using ArtMqtt.WebGateway.Live.Journal;
using ArtMqtt.WebGateway.Live.Wire;
using ArtMqtt.WebGateway.Operations;
using ArtMqtt.WebGateway.Sharing;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace ArtMqtt.WebGateway.Live;

/// <summary>Opens and ends connections, at most <see cref="LiveFeedOptions.MaxConnections"/> at a time.</summary>
internal sealed class WatchingConnections(
    ILiveStreams streams, OpenShares shares, CatchUp catchUp, EncodedEvents encoded, IOptions<LiveFeedOptions> options,
    GatewayMetrics metrics, Departures departures, TimeProvider time, ILogger<WatchingConnection> logger)
{
    private static readonly object _key = new();
    private static readonly object _shareKey = new();
    private static readonly object _departureKey = new();
    private readonly ConcurrentDictionary<string, HubVisitor> _visitors = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>Who is connected to the hub.</summary>
    public IEnumerable<HubVisitor> Visitors => _visitors.Select(pair => pair.Value);

    /// <summary>How many they are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Requests that they watch.</summary>
    public long Watches => Visitors.Sum(visitor => (long)visitor.Connection.Watches);

    /// <summary>Who has that connection, or null.</summary>
    public HubVisitor? Find(string connectionId) => _visitors.GetValueOrDefault(connectionId);

    /// <summary>The connection of a hub call.</summary>
    public static WatchingConnection Of(HubCallerContext context) => (WatchingConnection)context.Items[_key]!;

    /// <summary>Takes a place for one more connection; false when there is none.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _count) > options.Value.MaxConnections)
        {
            Interlocked.Decrement(ref _count);
            return false;
        }

        metrics.ConnectionsChanged(+1);
        return true;
    }

    /// <summary>Gives the place back.</summary>
    public void Leave()
    {
        Interlocked.Decrement(ref _count);
        metrics.ConnectionsChanged(-1);
    }

    public void Open(HubCallerContext context)
    {
        if (!TryEnter())
        {
            throw HubErrors.Create(ErrorCodes.TooManyConnections, "This server has no place left; try again later.");
        }

        var share = shares.Enter(context.User!, context.GetHttpContext()!, "hub");
        share?.Closing.Register(context.Abort);
        context.Items[_shareKey] = share;
        // Unlike an abort, this tells the client that it may come again.
        var departure = departures.Enter();
        departure.Asked.Register(() => context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose());
        context.Items[_departureKey] = departure;
        var connection = new WatchingConnection(
            TrackingLifetimes.Of(context), encoded, streams.As(share), catchUp, options.Value, metrics, time, logger);
        context.Items[_key] = connection;
        _visitors[context.ConnectionId] = new HubVisitor(context, connection, time.GetUtcNow());
    }

    public async Task EndAsync(HubCallerContext context)
    {
        if (context.Items.Remove(_key, out var connection))
        {
            Leave();
            _visitors.TryRemove(context.ConnectionId, out _);
            await ((WatchingConnection)connection!).DisposeAsync();
            (context.Items[_shareKey] as OpenShare)?.Dispose();
            (context.Items[_departureKey] as Departure)?.Dispose();
        }
    }
}
