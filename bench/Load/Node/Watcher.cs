using System.Diagnostics;
using System.Text.Json;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Load.Sockets;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;

namespace ArtMqtt.Load.Node;

/// <summary>One customer who watches one request over SignalR (WebSocket, no negotiation, as our own clients do).</summary>
internal sealed class Watcher : IAsyncDisposable
{
    private const string JoinMethod = "join:request";

    private readonly HubConnection _connection;
    private readonly TrackedRequest _request;

    /// <summary>Prepares the connection.</summary>
    /// <param name="node">Address of the node.</param>
    /// <param name="request">What to watch, with the customer's token.</param>
    /// <param name="onLocation">Called with the fix time (ms since 1970) and when it arrived (Stopwatch ticks).</param>
    public Watcher(Uri node, TrackedRequest request, Action<long, long> onLocation)
    {
        _request = request;
        _connection = new HubConnectionBuilder()
            .WithUrl(new Uri(Loopback.Parse(node), "/hubs/tracking"), options =>
            {
                options.Transports = HttpTransportType.WebSockets;
                options.SkipNegotiation = true;
                options.AccessTokenProvider = () => Task.FromResult<string?>(request.TrackingToken);
            })
            .Build();
        _connection.On<JsonElement>(LocationEvent.OperatorName, location =>
        {
            var arrivedAt = Stopwatch.GetTimestamp();
            onLocation(location.GetProperty("timestamp").GetInt64(), arrivedAt);
        });
    }

    /// <summary>Whether the connection holds.</summary>
    public bool IsConnected => _connection.State == HubConnectionState.Connected;

    /// <summary>Connects and joins the request.</summary>
    public async Task JoinAsync(CancellationToken cancellationToken)
    {
        await _connection.StartAsync(cancellationToken);
        await _connection.InvokeAsync<JsonElement>(JoinMethod, _request.RequestId, null, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
