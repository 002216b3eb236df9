using System.Text.Json;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>The hub with the real client: snapshot, events, order, recovery.</summary>
public sealed class LiveTests(RoomyGateway gateway) : IClassFixture<RoomyGateway>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_customer_sees_snapshot_positions_and_status()
    {
        var (id, customer, _) = await gateway.CreateAssignedAsync();
        await gateway.PublishAsync(id, second: 1);
        await using var watcher = await Watcher.ConnectAsync(gateway, customer);

        var joined = await watcher.JoinAsync(id);
        var snapshot = joined.GetProperty("snapshot");
        Assert.Equal("assigned", snapshot.GetProperty("status").GetProperty("status").GetString());
        Assert.Equal("dispatcher", snapshot.GetProperty("status").GetProperty("by").GetString());
        Assert.Equal(48.123456789, snapshot.GetProperty("operator").GetProperty("lat").GetDouble());
        Assert.Equal(JsonValueKind.Null, snapshot.GetProperty("customer").ValueKind);
        Assert.Equal(
            ["lat", "lng", "timestamp"], snapshot.GetProperty("operator").EnumerateObject().Select(p => p.Name));
        Assert.False(joined.GetProperty("recovered").GetBoolean());

        await gateway.PublishAsync(id, second: 2);
        var (name, e) = await watcher.NextAsync();
        Assert.Equal("operator:location", name);
        Assert.Equal(["requestId", "epoch", "seq", "lat", "lng", "timestamp"], e.EnumerateObject().Select(p => p.Name));
        Assert.Equal(Gateway.PositionAt(2).FixTime.ToUnixTimeMilliseconds(), e.GetProperty("timestamp").GetInt64());

        await gateway.PublishAsync(id, second: 2, PositionRole.Customer);
        Assert.Equal("customer:location", (await watcher.NextAsync()).Name);

        await gateway.SetStatusAsync(id, "en_route");
        (name, e) = await watcher.NextAsync();
        Assert.Equal("request:status:updated", name);
        Assert.Equal(("en_route", "assigned"), (e.GetProperty("status").GetString(), e.GetProperty("previous").GetString()));
    }

    [Fact]
    public async Task A_customer_learns_whether_the_operator_is_connected()
    {
        var (id, customer, _) = await gateway.CreateAssignedAsync();
        await gateway.Streams.PublishAsync(id, new PresenceEvent(PresenceEvent.Online, 5), Token);
        await using var watcher = await Watcher.ConnectAsync(gateway, customer);

        var snapshot = (await watcher.JoinAsync(id)).GetProperty("snapshot");
        await gateway.Streams.PublishAsync(id, new PresenceEvent(PresenceEvent.Offline, 7), Token);
        var (name, e) = await watcher.NextAsync();

        Assert.Equal("online", snapshot.GetProperty("presence").GetProperty("state").GetString());
        Assert.Equal(("operator:presence", "offline", 7), (name, e.GetProperty("state").GetString(), e.GetProperty("since").GetInt64()));
    }

    [Fact]
    public async Task A_node_without_a_broker_says_that_it_takes_no_positions()
    {
        var (id, customer, _) = await gateway.CreateAssignedAsync();
        await using var watcher = await Watcher.ConnectAsync(gateway, customer);

        var refused = await Assert.ThrowsAsync<HubException>(() => watcher.Connection.InvokeAsync<int>(
            "customer:location", id.ToString(), new { lat = 1, lng = 2, timestamp = 3 }, Token));

        Assert.Contains("positions_not_taken: ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_the_end_comes_the_status_and_nothing_more()
    {
        var (id, customer, _) = await gateway.CreateAssignedAsync();
        await using var watcher = await Watcher.ConnectAsync(gateway, customer);
        await watcher.JoinAsync(id);
        await gateway.PublishAsync(id, second: 1);
        Assert.Equal("operator:location", (await watcher.NextAsync()).Name);
        await gateway.SetStatusAsync(id, "cancelled");
        Assert.Equal("cancelled", (await watcher.NextAsync()).Data.GetProperty("status").GetString());
        await gateway.PublishAsync(id, second: 2);

        // Another request shows that nothing of this one is on its way.
        await watcher.Connection.InvokeAsync("leave:request", id.ToString(), Token);
        var again = await watcher.JoinAsync(id);
        Assert.Equal(JsonValueKind.Null, again.GetProperty("snapshot").GetProperty("operator").ValueKind);
        Assert.Equal("cancelled", again.GetProperty("snapshot").GetProperty("status").GetProperty("status").GetString());
        Assert.False(watcher.TryNext(out _));
    }

    [Fact]
    public async Task A_stream_that_is_not_in_memory_is_seeded_from_the_store()
    {
        var (id, customer, device) = await gateway.CreateAssignedAsync();
        await gateway.StoreAsync(device, id, Gateway.PositionAt(5), Gateway.PositionAt(7, latitude: 1.5));
        await using var restarted = await gateway.StartAnotherAsync();
        await using var watcher = await Watcher.ConnectAsync(restarted, customer);

        var snapshot = (await watcher.JoinAsync(id)).GetProperty("snapshot");
        Assert.Equal("assigned", snapshot.GetProperty("status").GetProperty("status").GetString());
        Assert.Equal(1.5, snapshot.GetProperty("operator").GetProperty("lat").GetDouble());

        await gateway.SetStatusAsync(id, "cancelled");
        await using var later = await gateway.StartAnotherAsync();
        await using var late = await Watcher.ConnectAsync(later, customer);
        Assert.Equal(
            JsonValueKind.Null, (await late.JoinAsync(id)).GetProperty("snapshot").GetProperty("operator").ValueKind);
    }

    [Fact]
    public async Task A_cursor_recovers_what_was_missed()
    {
        var (id, customer, _) = await gateway.CreateAssignedAsync();
        await using var watcher = await Watcher.ConnectAsync(gateway, customer);
        var cursor = (await watcher.JoinAsync(id)).GetProperty("cursor").GetString();
        await watcher.Connection.InvokeAsync("leave:request", id.ToString(), Token);
        await gateway.PublishAsync(id, second: 1);
        await gateway.SetStatusAsync(id, "en_route");

        var joined = await watcher.JoinAsync(id, cursor);
        Assert.True(joined.GetProperty("recovered").GetBoolean());
        Assert.Equal(
            ["operator:location", "request:status:updated"],
            joined.GetProperty("missed").EnumerateArray().Select(m => m.GetProperty("name").GetString()));
        Assert.Equal(48.123456789, joined.GetProperty("missed")[0].GetProperty("data").GetProperty("lat").GetDouble());
        Assert.False((await watcher.JoinAsync(id, "other:1")).GetProperty("recovered").GetBoolean());
        Assert.False((await watcher.JoinAsync(id, "rubbish")).GetProperty("recovered").GetBoolean());
    }

    [Fact]
    public async Task Joining_while_events_flow_has_no_gap_and_no_duplicate()
    {
        const int Events = 3_000;
        var (id, customer, _) = await gateway.CreateAssignedAsync();
        var watchers = new List<Watcher>();
        for (var i = 0; i < 10; i++)
        {
            watchers.Add(await Watcher.ConnectAsync(gateway, customer));
        }

        var publishers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < Events / 3; i++)
            {
                await gateway.PublishStatusAsync(id);
                await Task.Yield();
            }
        }, Token)).ToArray();
        var joins = watchers.ConvertAll(async watcher => SequenceOf(
            (await watcher.JoinAsync(id)).GetProperty("cursor").GetString()!));
        await Task.WhenAll([.. publishers, .. joins]);
        await gateway.PublishStatusAsync(id, by: "the last");

        foreach (var (watcher, join) in watchers.Zip(joins))
        {
            var seen = new List<long>();
            JsonElement data;
            do
            {
                data = (await watcher.NextAsync()).Data;
                seen.Add(data.GetProperty("seq").GetInt64());
            }
            while (data.GetProperty("by").GetString() != "the last");

            var cursor = await join;
            Assert.Equal(Enumerable.Range(1, seen.Count).Select(i => cursor + i), seen);
            await watcher.DisposeAsync();
        }
    }

    [Fact]
    public async Task On_the_wire_the_reply_comes_before_the_first_event()
    {
        var (id, customer, _) = await gateway.CreateAssignedAsync();
        using var stop = new CancellationTokenSource();
        var publisher = Task.Run(async () =>
        {
            for (var second = 1; !stop.IsCancellationRequested; second++)
            {
                await gateway.PublishAsync(id, second);
                await Task.Yield();
            }
        }, Token);

        await using var raw = await RawHubClient.ConnectAsync(gateway.Address, customer);
        for (var round = 0; round < 200; round++)
        {
            await raw.InvokeAsync($"j{round}", "join:request", $"\"{id}\"", "null");
            var reply = await raw.ReadUntilAsync(m => m.TryGetProperty("invocationId", out var i) && i.GetString() == $"j{round}");
            Assert.Empty(reply.Before);
            var cursor = SequenceOf(reply.Match.GetProperty("result").GetProperty("cursor").GetString()!);
            var first = (await raw.ReadUntilAsync(m => m.TryGetProperty("target", out _))).Match;
            Assert.True(first.GetProperty("arguments")[0].GetProperty("seq").GetInt64() > cursor);

            await raw.InvokeAsync($"l{round}", "leave:request", $"\"{id}\"");
            // Nothing may follow this answer but the next one: the round after this looks.
            await raw.ReadUntilAsync(m => m.TryGetProperty("invocationId", out var i) && i.GetString() == $"l{round}");
        }

        await stop.CancelAsync();
        await publisher;
    }

    [Theory]
    [InlineData("not-a-uuid", "invalid_request: ")]
    [InlineData("0190a5c0-0000-7000-8000-000000000000", "request_not_found: ")]
    public async Task Bad_joins_are_told_with_a_code(string requestId, string expected)
    {
        await using var connection = await gateway.ConnectAsync(gateway.Dispatcher.ToString());
        var refused = await Assert.ThrowsAsync<HubException>(
            () => connection.InvokeAsync<object>("join:request", requestId, null, Token));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    private static long SequenceOf(string cursor) =>
        long.Parse(cursor.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);
}
