using System.Diagnostics.Metrics;
using System.Net.WebSockets;
using ArtMqtt.Contracts.Clients;
using Microsoft.Extensions.DependencyInjection;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>What one client of row changes may take.</summary>
public sealed class RealtimeLimitTests(RealtimeGateway gateway) : IClassFixture<RealtimeGateway>
{
    private const string Wish = """{"event":"*","table":"service_requests"}""";

    private static (string Key, string Value)[] Small =>
    [
        ("Gateway:Changes:Enabled", "true"), ("Gateway:Changes:MaxConnections", "2"), ("Gateway:Changes:MaxChannels", "2"),
        ("Gateway:Changes:MaxSubscriptions", "2"), ("Gateway:Changes:MaxMessageBytes", "2048"),
        ("Gateway:Changes:MaxFilterLength", "50"), ("Gateway:Changes:IdleTimeout", "00:00:05"),
    ];

    [Fact]
    public async Task Connections_channels_wishes_filters_and_messages_are_limited()
    {
        await using var small = await gateway.StartAnotherAsync(Small);
        await using var socket = await RealtimeSocket.ConnectAsync(small, small.Dispatcher.ToString());
        await using var second = await RealtimeSocket.ConnectAsync(small, small.Dispatcher.ToString());
        await Assert.ThrowsAsync<WebSocketException>(() => RealtimeSocket.ConnectAsync(small, small.Dispatcher.ToString()));

        await socket.JoinAsync("realtime:1");
        await socket.JoinAsync("realtime:2");
        Refuses(await socket.JoinAsync("realtime:3"), "ChannelRateLimitReached");
        Assert.Equal("ok", (await socket.JoinAsync("realtime:2")).GetProperty("status").GetString());
        Refuses(await second.JoinAsync("realtime:1", $"{Wish},{Wish},{Wish}"), "2 entries of postgres_changes at most");
        var filter = new string('x', 51);
        Refuses(
            await second.JoinAsync("realtime:1", $$"""{"event":"*","table":"service_requests","filter":"{{filter}}"}"""),
            "50 characters at most");
        Refuses(await second.JoinAsync("phoenix:1"), "topics are 'realtime:' and a name");

        await socket.SendTextAsync(new string(' ', 3000));
        Assert.Null(await EndOfAsync(socket));
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, socket.CloseStatus);
    }

    [Fact]
    public async Task A_silent_connection_ends_and_one_with_heartbeats_does_not()
    {
        await using var small = await gateway.StartAnotherAsync(Small);
        await using var silent = await RealtimeSocket.ConnectAsync(small, small.Dispatcher.ToString());
        await using var alive = await RealtimeSocket.ConnectAsync(small, small.Dispatcher.ToString());
        var end = EndOfAsync(silent);

        while (!end.IsCompleted)
        {
            await alive.CallAsync("phoenix", "heartbeat", "{}");
            await Task.WhenAny(end, Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, TestContext.Current.CancellationToken));
        }

        await end;
        await alive.CallAsync("phoenix", "heartbeat", "{}");
    }

    [Fact]
    public async Task A_node_that_stops_sends_its_clients_away()
    {
        var another = await gateway.StartAnotherAsync(("Gateway:Changes:Enabled", "true"));
        await using var socket = await RealtimeSocket.ConnectAsync(another, another.Dispatcher.ToString());
        await socket.JoinAsync("realtime:x", Wish);

        var stopped = another.DisposeAsync();

        await EndOfAsync(socket);
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.CloseStatus);
        await socket.DisposeAsync();
        await stopped;
    }

    [Fact]
    public async Task A_node_that_is_drained_sends_its_clients_away_one_after_the_other()
    {
        await using var another = await gateway.StartAnotherAsync(("Gateway:Changes:Enabled", "true"));
        await using var one = await RealtimeSocket.ConnectAsync(another, another.Dispatcher.ToString());
        await using var other = await RealtimeSocket.ConnectAsync(another, another.Dispatcher.ToString());
        await one.JoinAsync("realtime:x", Wish);
        await other.JoinAsync("realtime:x", Wish);
        var clients = another.Services.GetServices<IMovableClients>().Single(part => part.Count == 2);

        clients.SendAway(1);
        var ends = new[] { EndOfAsync(one), EndOfAsync(other) };
        var first = await Task.WhenAny(ends);
        var (gone, stays) = first == ends[0] ? (one, other) : (other, one);
        await first;

        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, gone.CloseStatus);
        Assert.Equal(1, clients.Count);
        Assert.False(ends[first == ends[0] ? 1 : 0].IsCompleted);
        clients.SendAway(1);
        await Task.WhenAll(ends);
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, stays.CloseStatus);
    }

    [Fact]
    public async Task Strangers_do_not_stay_on_heartbeats()
    {
        await using var small = await gateway.StartAnotherAsync(Small);
        await using var stranger = await RealtimeSocket.ConnectAsync(small, "anon");
        var end = EndOfAsync(stranger);

        while (!end.IsCompleted)
        {
            try
            {
                await stranger.SendAsync("phoenix", "heartbeat", "{}");
            }
            catch (WebSocketException)
            {
                break;
            }

            await Task.WhenAny(end, Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, TestContext.Current.CancellationToken));
        }

        await end;
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, stranger.CloseStatus);
    }

    [Fact]
    public async Task One_that_does_not_read_is_closed_and_delays_nobody()
    {
        await using var small = await gateway.StartAnotherAsync(
            ("Gateway:Changes:Enabled", "true"), ("Gateway:Changes:MaxMessagesPerSecond", "100000"));
        using var counts = new MetricCounts(small.Services.GetRequiredService<IMeterFactory>());
        await using var stalled = await RealtimeSocket.ConnectAsync(small, small.Dispatcher.ToString());
        await using var reader = await RealtimeSocket.ConnectAsync(small, small.Dispatcher.ToString());
        await using var sender = await RealtimeSocket.ConnectAsync(small, small.Dispatcher.ToString());
        foreach (var socket in new[] { stalled, reader, sender })
        {
            await socket.JoinAsync("realtime:x");
        }

        var text = new string('x', 100_000);
        var sent = 0;
        while (counts.Of("artmqtt.gateway.changes.overflowed") == 0 && sent < 5_000)
        {
            sent++;
            await sender.SendAsync("realtime:x", "broadcast", $$"""{"type":"broadcast","event":"e","payload":"{{text}}"}""", "1");
            Assert.Equal(text, (await reader.ReadUntilAsync("broadcast")).Payload.GetProperty("payload").GetString());
        }

        Assert.Equal(1, counts.Of("artmqtt.gateway.changes.overflowed"));
        await EndOfAsync(stalled);
        // 1013 when it read in time to be told, else the connection was cut.
        Assert.True(stalled.CloseStatus is null or (WebSocketCloseStatus)1013, $"{stalled.CloseStatus}");
        Assert.True(stalled.Came.Count(message => message.Event == "broadcast") < sent);
    }

    private static void Refuses(System.Text.Json.JsonElement reply, string reason)
    {
        Assert.Equal("error", reply.GetProperty("status").GetString());
        Assert.Contains(reason, reply.GetProperty("response").GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    // Reads to the close of the server, or the break of the connection.
    private static async Task<WireMessage?> EndOfAsync(RealtimeSocket socket)
    {
        try
        {
            while (await socket.ReadAsync() is { } message)
            {
                socket.Came.Add(message);
            }
        }
        catch (WebSocketException)
        {
            // Broken off.
        }

        return null;
    }
}
