using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR.Client;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>A SignalR client that keeps the events it gets, in order.</summary>
internal sealed class Watcher : IAsyncDisposable
{
    private readonly Channel<(string Name, JsonElement Data)> _events =
        Channel.CreateUnbounded<(string Name, JsonElement Data)>();

    private Watcher(HubConnection connection)
    {
        Connection = connection;
        foreach (var name in new[] { "operator:location", "customer:location", "request:status:updated", "operator:presence", "share:ended" })
        {
            connection.On<JsonElement>(name, data => _events.Writer.TryWrite((name, data)));
        }
    }

    public HubConnection Connection { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<Watcher> ConnectAsync(Gateway gateway, string token)
    {
        var watcher = new Watcher(new HubConnectionBuilder()
            .WithUrl(new Uri(gateway.Address, "/hubs/tracking"), options =>
                options.AccessTokenProvider = () => Task.FromResult<string?>(token))
            .Build());
        await watcher.Connection.StartAsync(Token);
        return watcher;
    }

    public Task<JsonElement> JoinAsync(Guid request, string? cursor = null) =>
        Connection.InvokeAsync<JsonElement>("join:request", request.ToString(), cursor, Token);

    public async Task<(string Name, JsonElement Data)> NextAsync() => await _events.Reader.ReadAsync(Token);

    public bool TryNext(out (string Name, JsonElement Data) e) => _events.Reader.TryRead(out e);

    public ValueTask DisposeAsync() => Connection.DisposeAsync();
}
