using System.Text.Json;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.TestKit;
using ArtMqtt.WebGateway.Sharing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>What the holder of a shared link sees live, and when it ends.</summary>
public sealed class ShareStreamTests(RoomyGateway gateway) : IClassFixture<RoomyGateway>
{
    private const string OnTheWayOnly = """{"phases":{"from":"en_route","to":"en_route"}}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_viewer_is_told_where_the_operator_is_and_nothing_of_the_device_or_the_customer()
    {
        var (id, customer, _) = await gateway.CreateAssignedAsync();
        var share = await gateway.ShareAsync(id);
        await using var viewer = await Watcher.ConnectAsync(gateway, share.Token);
        await using var owner = await Watcher.ConnectAsync(gateway, customer);
        await viewer.JoinAsync(id);
        await owner.JoinAsync(id);

        await gateway.PublishAsync(id, second: 1, PositionRole.Customer);
        await gateway.Streams.PublishAsync(id, new PresenceEvent(PresenceEvent.Online, 5), Token);
        await gateway.Streams.PublishAsync(id, Place(2), Token);
        var (name, seen) = await viewer.NextAsync();
        Assert.Equal("operator:location", name);
        Assert.Equal(
            ["requestId", "epoch", "seq", "lat", "lng", "timestamp", "speed", "heading"],
            seen.EnumerateObject().Select(member => member.Name));
        var told = new List<(string Name, JsonElement Data)> { await owner.NextAsync(), await owner.NextAsync(), await owner.NextAsync() };
        var whole = told.Single(e => e.Name == name).Data;
        Assert.True(whole.TryGetProperty("accuracy", out _));
        Assert.Equal(whole.GetProperty("seq").GetInt64(), seen.GetProperty("seq").GetInt64());

        foreach (var snapshot in new[] { (await viewer.JoinAsync(id)).GetProperty("snapshot"), (await PollAsync(share)).Json.GetProperty("snapshot") })
        {
            Assert.Equal("assigned", snapshot.GetProperty("status").GetProperty("status").GetString());
            Assert.False(snapshot.GetProperty("operator").TryGetProperty("accuracy", out _));
            Assert.Equal(JsonValueKind.Null, snapshot.GetProperty("customer").ValueKind);
            Assert.Equal(JsonValueKind.Null, snapshot.GetProperty("presence").ValueKind);
        }
    }

    [Fact]
    public async Task Who_has_a_link_of_the_customer_sees_what_the_customer_sees()
    {
        var (id, _, _) = await gateway.CreateAssignedAsync();
        var share = await gateway.ShareAsync(id, """{"role":"customer"}""");
        await using var second = await Watcher.ConnectAsync(gateway, share.Token);
        await second.JoinAsync(id);
        await gateway.PublishAsync(id, second: 1, PositionRole.Customer);
        Assert.Equal("customer:location", (await second.NextAsync()).Name);
        await gateway.Streams.PublishAsync(id, Place(2), Token);
        Assert.True((await second.NextAsync()).Data.TryGetProperty("accuracy", out _));
    }

    [Fact]
    public async Task Before_the_phase_there_is_the_status_and_behind_it_the_end()
    {
        var (id, _, _) = await gateway.CreateAssignedAsync();
        await gateway.PublishAsync(id, second: 1);
        var share = await gateway.ShareAsync(id, OnTheWayOnly);
        await using var viewer = await Watcher.ConnectAsync(gateway, share.Token);
        var closed = ClosedAsync(viewer);
        var joined = (await viewer.JoinAsync(id)).GetProperty("snapshot");
        Assert.Equal("assigned", joined.GetProperty("status").GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Null, joined.GetProperty("operator").ValueKind);

        await gateway.PublishAsync(id, second: 2);
        await gateway.SetStatusAsync(id, "en_route");
        Assert.Equal("request:status:updated", (await viewer.NextAsync()).Name);
        await gateway.PublishAsync(id, second: 3);
        var place = await viewer.NextAsync();
        Assert.Equal(
            ("operator:location", Gateway.PositionAt(3).FixTime.ToUnixTimeMilliseconds()),
            (place.Name, place.Data.GetProperty("timestamp").GetInt64()));

        await gateway.SetStatusAsync(id, "arrived");
        await gateway.PublishAsync(id, second: 4);
        var last = await viewer.NextAsync();
        Assert.Equal("arrived", last.Data.GetProperty("status").GetString());
        var end = await viewer.NextAsync();
        Assert.Equal(("share:ended", "share_ended"), (end.Name, end.Data.GetProperty("code").GetString()));
        await closed;

        await using var again = await Watcher.ConnectAsync(gateway, share.Token);
        var refused = await Assert.ThrowsAsync<HubException>(() => again.JoinAsync(id));
        Assert.Contains("share_ended: ", refused.Message, StringComparison.Ordinal);
        foreach (var path in new[] { $"/api/requests/{id}/events", $"/api/requests/{id}/stream", $"/api/requests/{id}", $"/api/requests/{id}/route", "/api/share" })
        {
            var answer = await gateway.CallAsync("GET", path, token: share.Token);
            Assert.Equal((410, "share_ended"), (answer.Status, answer.Code));
        }
    }

    [Fact]
    public async Task When_the_job_ends_the_last_status_is_told_and_stays_to_be_read()
    {
        var (id, _, _) = await gateway.CreateAssignedAsync();
        var share = await gateway.ShareAsync(id);
        await using var viewer = await Watcher.ConnectAsync(gateway, share.Token);
        await using var stream = await ServerSentEvents.OpenAsync(gateway, id, share.Token);
        await stream.NextAsync();
        var closed = ClosedAsync(viewer);
        await viewer.JoinAsync(id);

        await gateway.SetStatusAsync(id, "cancelled");

        Assert.Equal("cancelled", (await viewer.NextAsync()).Data.GetProperty("status").GetString());
        Assert.Equal("share:ended", (await viewer.NextAsync()).Name);
        await closed;
        Assert.Equal(["request:status:updated", "share:ended"], await RestAsync(stream));
        var shown = await gateway.CallAsync("GET", $"/api/requests/{id}", token: share.Token);
        Assert.Equal("cancelled", shown.Json.GetProperty("status").GetString());
        Assert.Equal("cancelled", (await gateway.CallAsync("GET", "/api/share", token: share.Token)).Json.GetProperty("status").GetString());
        Assert.Equal("ended", (await gateway.FindAsync(share)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Revoking_closes_what_is_open_on_every_node_and_says_why()
    {
        await using var other = await gateway.StartAnotherAsync(("Gateway:Live:FlushInterval", "00:00:00"));
        var (id, _, _) = await gateway.CreateAssignedAsync();
        var share = await gateway.ShareAsync(id);
        var kept = await gateway.ShareAsync(id);
        await using var stays = await Watcher.ConnectAsync(other, kept.Token);
        await stays.JoinAsync(id);
        var ends = new List<Task>();
        foreach (var node in new Gateway[] { gateway, other })
        {
            var watcher = await Watcher.ConnectAsync(node, share.Token);
            var closed = ClosedAsync(watcher);
            await watcher.JoinAsync(id);
            var unjoined = await Watcher.ConnectAsync(node, share.Token);
            ends.Add(ClosedAsync(unjoined));
            var stream = await ServerSentEvents.OpenAsync(node, id, share.Token);
            await stream.NextAsync();
            var cursor = (await PollAsync(share, node: node)).Json.GetProperty("cursor").GetString();
            var poll = PollAsync(share, cursor, wait: 30, node);
            ends.Add(EndAsync(watcher, closed, stream, poll));
        }

        await gateway.RevokeAsync(share);
        await Task.WhenAll(ends);

        foreach (var node in new Gateway[] { gateway, other })
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => Watcher.ConnectAsync(node, share.Token));
            var answer = await node.CallAsync("GET", $"/api/requests/{id}", token: share.Token);
            Assert.Equal((410, "share_revoked"), (answer.Status, answer.Code));
        }

        Assert.Equal(HubConnectionState.Connected, stays.Connection.State);
        await stays.JoinAsync(id);

        async Task EndAsync(Watcher watcher, Task closed, ServerSentEvents stream, Task<Answer> poll)
        {
            var end = await watcher.NextAsync();
            Assert.Equal(("share:ended", "share_revoked"), (end.Name, end.Data.GetProperty("code").GetString()));
            await closed;
            Assert.Equal(["share:ended"], await RestAsync(stream));
            var answer = await poll;
            Assert.Equal((410, "share_revoked"), (answer.Status, answer.Code));
        }
    }

    [Fact]
    public async Task A_job_that_ends_on_another_node_ends_what_is_open_here()
    {
        await using var other = await gateway.StartAnotherAsync();
        var (id, _, _) = await gateway.CreateAssignedAsync();
        var share = await gateway.ShareAsync(id);
        await using var viewer = await Watcher.ConnectAsync(other, share.Token);
        var closed = ClosedAsync(viewer);
        await viewer.JoinAsync(id);
        var open = Assert.Single(other.Services.GetRequiredService<OpenShares>().All);
        await Eventually.TrueAsync(() => open.HasSeenRequest, Token);

        await gateway.SetStatusAsync(id, "cancelled");

        var end = await viewer.NextAsync();
        Assert.Equal(("share:ended", "share_ended"), (end.Name, end.Data.GetProperty("code").GetString()));
        await closed;
    }

    [Fact]
    public async Task What_was_open_and_is_left_is_forgotten()
    {
        var (id, _, _) = await gateway.CreateAssignedAsync();
        var share = await gateway.ShareAsync(id);
        var open = gateway.Services.GetRequiredService<OpenShares>();
        int Count() => open.All.Count(one => one.Share.RequestId == id);
        await using (await Watcher.ConnectAsync(gateway, share.Token))
        await using (await ServerSentEvents.OpenAsync(gateway, id, share.Token))
        {
            await PollAsync(share);
            await Eventually.TrueAsync(() => Count() == 2, Token);
        }

        await Eventually.TrueAsync(() => Count() == 0, Token);
    }

    [Fact]
    public async Task A_link_ends_when_its_time_is_up()
    {
        var (id, _, _) = await gateway.CreateAssignedAsync();
        var soon = TimeProvider.System.GetUtcNow().AddSeconds(3).ToString("O");
        var share = await gateway.ShareAsync(id, $$"""{"expiresAt":"{{soon}}"}""");
        await using var viewer = await Watcher.ConnectAsync(gateway, share.Token);
        var closed = ClosedAsync(viewer);
        await viewer.JoinAsync(id);

        var end = await viewer.NextAsync();

        Assert.Equal(("share:ended", "share_expired"), (end.Name, end.Data.GetProperty("code").GetString()));
        await closed;
        Assert.Equal("share_expired", (await PollAsync(share)).Code);
        Assert.Equal("expired", (await gateway.FindAsync(share)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Who_comes_back_with_a_cursor_misses_what_was_theirs_to_see_and_nothing_else()
    {
        var (id, _, _) = await gateway.CreateAssignedAsync();
        var share = await gateway.ShareAsync(id, """{"phases":{"from":"en_route"}}""");
        var cursor = (await PollAsync(share)).Json.GetProperty("cursor").GetString();
        await gateway.PublishAsync(id, second: 1);
        await gateway.SetStatusAsync(id, "en_route");
        await gateway.PublishAsync(id, second: 2, PositionRole.Customer);
        await gateway.PublishAsync(id, second: 3);

        await using var viewer = await Watcher.ConnectAsync(gateway, share.Token);
        var joined = await viewer.JoinAsync(id, cursor);
        var polled = (await PollAsync(share, cursor)).Json;

        foreach (var answer in new[] { joined, polled })
        {
            Assert.True(answer.GetProperty("recovered").GetBoolean());
            Assert.Equal(
                ["request:status:updated", "operator:location"],
                answer.GetProperty("missed").EnumerateArray().Select(e => e.GetProperty("name").GetString()));
            Assert.Equal(
                Gateway.PositionAt(3).FixTime.ToUnixTimeMilliseconds(),
                answer.GetProperty("missed")[1].GetProperty("data").GetProperty("timestamp").GetInt64());
        }
    }

    [Fact]
    public async Task Within_the_phase_a_viewer_is_told_of_the_arrival()
    {
        var (id, _, _) = await gateway.CreateAssignedAsync();
        var share = await gateway.ShareAsync(id, OnTheWayOnly);
        await gateway.SetStatusAsync(id, "en_route");
        await using var viewer = await Watcher.ConnectAsync(gateway, share.Token);
        await viewer.JoinAsync(id);

        await gateway.Streams.PublishAsync(id, new EtaEvent(90, 5, 1_200, 60, 180, "history", 4), Token);

        var (name, eta) = await viewer.NextAsync();
        Assert.Equal(("request:eta", 90), (name, eta.GetProperty("etaSeconds").GetInt32()));
        var polled = (await PollAsync(share)).Json.GetProperty("snapshot").GetProperty("eta");
        Assert.Equal(1_200, polled.GetProperty("distanceMeters").GetInt32());
    }

    [Fact]
    public async Task What_is_hidden_does_not_end_a_wait()
    {
        var (id, _, _) = await gateway.CreateAssignedAsync();
        var share = await gateway.ShareAsync(id);
        var cursor = (await PollAsync(share)).Json.GetProperty("cursor").GetString();
        var waiting = PollAsync(share, cursor, wait: 30);
        await gateway.PublishAsync(id, second: 1, PositionRole.Customer);
        await gateway.PublishAsync(id, second: 2);
        Assert.Equal(
            ["operator:location"],
            (await waiting).Json.GetProperty("missed").EnumerateArray().Select(e => e.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task The_route_begins_with_the_phase()
    {
        var (id, _, device) = await gateway.CreateAssignedAsync();
        var share = await gateway.ShareAsync(id, OnTheWayOnly);
        var path = $"/api/requests/{id}/route?format=points";
        Assert.Equal("route_not_visible", (await gateway.CallAsync("GET", path, token: share.Token)).Code);
        var before = TimeProvider.System.GetUtcNow();
        await gateway.StoreAsync(device, id, At(before.AddMinutes(-1)));
        await gateway.SetStatusAsync(id, "en_route");
        var after = TimeProvider.System.GetUtcNow().AddMinutes(1);
        await gateway.StoreAsync(device, id, At(after));

        var seen = (await gateway.CallAsync("GET", path, token: share.Token)).Json.GetProperty("features").EnumerateArray().ToList();
        var whole = (await gateway.CallAsync("GET", path)).Json.GetProperty("features").EnumerateArray().ToList();

        Assert.Equal(2, whole.Count);
        Assert.Equal(after.ToUnixTimeMilliseconds(), Assert.Single(seen).GetProperty("properties").GetProperty("time").GetInt64());
        Assert.Equal(70, whole[1].GetProperty("properties").GetProperty("battery").GetDouble());
        Assert.DoesNotContain(
            seen[0].GetProperty("properties").EnumerateObject(),
            member => member.Name is "battery" or "accuracy" && member.Value.ValueKind != JsonValueKind.Null);
        Assert.Equal("route_not_visible", (await gateway.CallAsync("GET", path + "&role=customer", token: share.Token)).Code);

        static Position At(DateTimeOffset time) => new(48.1, 11.5, time) { Battery = 70, Accuracy = 3 };
    }

    private static LocationEvent Place(int second) =>
        LocationEvent.Of(PositionRole.Operator, Gateway.PositionAt(second) with { Speed = 5, Heading = 90, Accuracy = 4 });

    private static Task ClosedAsync(Watcher watcher)
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        watcher.Connection.Closed += _ =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
        return closed.Task.WaitAsync(Token);
    }

    private static async Task<List<string>> RestAsync(ServerSentEvents stream)
    {
        var names = new List<string>();
        try
        {
            while (true)
            {
                names.Add((await stream.NextAsync()).EventType);
            }
        }
        catch (EndOfStreamException)
        {
            return names;
        }
    }

    private Task<Answer> PollAsync(Share share, string? since = null, int wait = 0, Gateway? node = null) =>
        (node ?? gateway).CallAsync(
            "GET", $"/api/requests/{share.Request}/events?wait={wait}{(since is null ? "" : $"&since={since}")}", token: share.Token);
}
