using System.Text.Json;
using System.Threading.Channels;
using ArtMqtt.EndToEnd.Tests.Servers;
using Microsoft.AspNetCore.SignalR.Client;

namespace ArtMqtt.EndToEnd.Tests.Watchers;

/// <summary>A customer's SignalR client.</summary>
internal sealed class HubWatcher : IAsyncDisposable
{
    private readonly Channel<RoutePoint> _locations = Channel.CreateUnbounded<RoutePoint>();
    private readonly HubConnection _connection;

    private HubWatcher(HubConnection connection)
    {
        _connection = connection;
        connection.On<JsonElement>("operator:location", e => _locations.Writer.TryWrite(new RoutePoint(
            e.GetProperty("timestamp").GetInt64(), e.GetProperty("lat").GetDouble(), e.GetProperty("lng").GetDouble())));
    }

    /// <summary>Connects and joins the request of a job.</summary>
    public static async Task<HubWatcher> JoinAsync(NodeProcess node, Job job)
    {
        var watcher = new HubWatcher(new HubConnectionBuilder()
            .WithUrl(new Uri(node.Address, "/hubs/tracking"), options =>
                options.AccessTokenProvider = () => Task.FromResult<string?>(job.Token))
            .Build());
        await watcher._connection.StartAsync(TestContext.Current.CancellationToken);
        await watcher._connection.InvokeAsync<JsonElement>(
            "join:request", job.RequestId.ToString(), null, TestContext.Current.CancellationToken);
        return watcher;
    }

    /// <summary>The next location of the operator.</summary>
    public async Task<RoutePoint> NextAsync() => await _locations.Reader
        .ReadAsync(TestContext.Current.CancellationToken).AsTask()
        .WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
