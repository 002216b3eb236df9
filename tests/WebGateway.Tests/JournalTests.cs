using System.Text.Json;
using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Journal;
using ArtMqtt.TestKit;
using ArtMqtt.WebGateway.Live.Journal;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Who was away for longer than the stream's ring remembers gets everything all the same.</summary>
public sealed class JournalTests(ForgetfulGateway gateway) : IClassFixture<ForgetfulGateway>
{
    private const int Published = 60;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private JournalRepository Journal => gateway.Services.GetRequiredService<JournalRepository>();

    [Fact]
    public async Task The_hub_polls_and_server_sent_events_close_the_gap_from_the_journal()
    {
        var (id, customer, cursor) = await PublishAsync(gateway);
        await using var watcher = await Watcher.ConnectAsync(gateway, customer);

        var joined = await watcher.JoinAsync(id, cursor);
        var polled = (await gateway.CallAsync("GET", $"/api/requests/{id}/events?since={cursor}", token: customer)).Json;
        await using var stream = await ServerSentEvents.OpenAsync(gateway, id, customer, cursor);
        var streamed = new List<string>();
        while (streamed.Count < Published)
        {
            var item = await stream.NextAsync();
            streamed.Add($"{item.EventType} {JsonDocument.Parse(item.Data).RootElement.GetProperty("seq")}");
        }

        Assert.True(joined.GetProperty("recovered").GetBoolean());
        var missed = joined.GetProperty("missed").EnumerateArray().ToList();
        var first = SequenceOf(cursor) + 1;
        Assert.Equal(Enumerable.Range(first, Published), missed.Select(m => m.GetProperty("seq").GetInt32()));
        Assert.Equal(streamed, missed.Select(m => $"{m.GetProperty("name")} {m.GetProperty("seq")}"));
        Assert.Equal(joined.GetRawText(), polled.GetRawText());
        // From the journal they look as they did live.
        Assert.Equal(
            """{"lat":48.123456789,"lng":11.987654321,"timestamp":1577836801000}""", missed[0].GetProperty("data").GetRawText());
        Assert.Equal("""{"status":"en_route","at":1,"by":"test"}""", missed[9].GetProperty("data").GetRawText());
    }

    [Fact]
    public async Task What_was_written_twice_is_told_once_and_a_hole_is_no_recovery()
    {
        var (id, customer, cursor) = await PublishAsync(gateway);
        await gateway.Services.GetRequiredService<JournalWriter>().SettleAsync(Token);

        await ExecuteAsync($"INSERT INTO live_events SELECT * FROM live_events WHERE request_id = '{id}' AND seq % 7 = 3");
        Assert.Equal(Published, (await JoinAsync(id, customer, cursor)).Count);

        await ExecuteAsync($"DELETE FROM live_events WHERE request_id = '{id}' AND seq = 20");
        Assert.Null(await TryJoinAsync(id, customer, cursor));

        await ExecuteAsync($"UPDATE live_events SET seq = 20, name = 'news' WHERE request_id = '{id}' AND seq = 19");
        Assert.Null(await TryJoinAsync(id, customer, cursor.Replace(":1", ":18", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Who_looks_on_with_a_link_gets_from_the_journal_what_was_theirs_to_see()
    {
        var (id, _, _) = await gateway.CreateAssignedAsync();
        var share = await gateway.ShareAsync(id, """{"phases":{"from":"en_route"}}""");
        var cursor = (await gateway.CallAsync("GET", $"/api/requests/{id}/events", token: share.Token))
            .Json.GetProperty("cursor").GetString()!;
        await gateway.PublishAsync(id, second: 1);
        await gateway.SetStatusAsync(id, "en_route");
        for (var second = 2; second <= Published; second++)
        {
            await gateway.PublishAsync(id, second);
            await gateway.PublishAsync(id, second, PositionRole.Customer);
        }

        await using var viewer = await Watcher.ConnectAsync(gateway, share.Token);
        var joined = await viewer.JoinAsync(id, cursor);

        Assert.True(joined.GetProperty("recovered").GetBoolean());
        var missed = joined.GetProperty("missed").EnumerateArray().ToList();
        Assert.Equal(
            ["request:status:updated", .. Enumerable.Repeat("operator:location", Published - 1)],
            missed.Select(m => m.GetProperty("name").GetString()));
        Assert.Equal(
            Gateway.PositionAt(2).FixTime.ToUnixTimeMilliseconds(),
            missed[1].GetProperty("data").GetProperty("timestamp").GetInt64());
    }

    [Fact]
    public async Task Who_missed_too_much_gets_the_snapshot()
    {
        await using var small = await gateway.StartAnotherAsync(("Live:RingSize", "8"), ("Gateway:Journal:MaxCatchUp", "59"));
        var (id, customer, cursor) = await PublishAsync(small);

        Assert.Null(await TryJoinAsync(id, customer, cursor, small));
        Assert.Equal(
            Published - 1,
            (await TryJoinAsync(id, customer, $"{cursor.Split(':')[0]}:{SequenceOf(cursor) + 1}", small))!.Count);
    }

    [Fact]
    public async Task Without_the_database_there_is_the_snapshot()
    {
        await using var cut = await gateway.StartAnotherAsync(
            ("Live:RingSize", "8"), ("Gateway:Journal:Capacity", "5"),
            ("Store:ConnectionString", $"Host=127.0.0.1;Port={Ports.Free()};Database=none;Username=none;Timeout=2"));
        using var counts = new MetricCounts(cut.Services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>());
        var known = Guid.NewGuid();
        await cut.PublishStatusAsync(known);
        // Whose a request is that the fleet does not know, the database would say; an admin of all need not know.
        await using var watcher = await Watcher.ConnectAsync(cut, cut.Admin.ToString());
        var cursor = (await watcher.JoinAsync(known)).GetProperty("cursor").GetString()!;
        for (var second = 1; second <= Published; second++)
        {
            await cut.PublishAsync(known, second);
        }

        var joined = await watcher.JoinAsync(known, cursor);

        Assert.False(joined.GetProperty("recovered").GetBoolean());
        Assert.Empty(joined.GetProperty("missed").EnumerateArray());
        Assert.Equal(
            Gateway.PositionAt(Published).FixTime.ToUnixTimeMilliseconds(),
            joined.GetProperty("snapshot").GetProperty("operator").GetProperty("timestamp").GetInt64());
        Assert.True(counts.Of("artmqtt.gateway.journal.lost") > 0);
    }

    [Fact]
    public async Task A_watcher_goes_on_where_it_was_after_an_orderly_restart()
    {
        using var folder = new TestFolder();
        (string, string)[] settings = [("Live:RingSize", "8"), ("Live:PositionsFile", Path.Combine(folder.Path, "live.json"))];
        Guid id;
        string customer, cursor;
        await using (var before = await gateway.StartAnotherAsync(settings))
        {
            (id, customer, cursor) = await PublishAsync(before);
        }

        await using var after = await gateway.StartAnotherAsync(settings);
        await after.PublishAsync(id, second: Published + 1);

        var missed = await TryJoinAsync(id, customer, cursor, after);
        Assert.Equal(
            Enumerable.Range(SequenceOf(cursor) + 1, Published + 1), missed!.Select(m => m.GetProperty("seq").GetInt32()));
    }

    [Fact]
    public async Task What_is_old_is_forgotten()
    {
        var (old, young) = (Guid.NewGuid(), Guid.NewGuid());
        var now = TimeProvider.System.GetUtcNow();
        var e = new PresenceEvent(PresenceEvent.Online, 1);
        await Journal.WriteAsync(
            [new JournalEntry(old, "e", 1, now.AddHours(-9), e), new JournalEntry(young, "e", 1, now, e)], Token);

        await Journal.ForgetAsync(now.AddHours(-3), Token);

        Assert.Null(await Journal.ReadAsync(old, "e", 0, 1, Token));
        Assert.Equal([e], await Journal.ReadAsync(young, "e", 0, 1, Token));
    }

    // The cursor stands before the first of them.
    private static async Task<(Guid Id, string Token, string Cursor)> PublishAsync(Gateway gateway)
    {
        var (id, customer, _) = await gateway.CreateAssignedAsync();
        await gateway.SetStatusAsync(id, "en_route");
        var begin = await gateway.CallAsync("GET", $"/api/requests/{id}/events", token: customer);
        for (var i = 1; i <= Published; i++)
        {
            await (i % 10 == 0
                ? gateway.PublishStatusAsync(id)
                : gateway.PublishAsync(id, i, i % 3 == 0 ? PositionRole.Customer : PositionRole.Operator));
        }

        return (id, customer, begin.Json.GetProperty("cursor").GetString()!);
    }

    private async Task<List<JsonElement>> JoinAsync(Guid id, string customer, string cursor) =>
        Assert.IsType<List<JsonElement>>(await TryJoinAsync(id, customer, cursor));

    private async Task<List<JsonElement>?> TryJoinAsync(Guid id, string customer, string cursor, Gateway? node = null)
    {
        var answer = (await (node ?? gateway).CallAsync("GET", $"/api/requests/{id}/events?since={cursor}", token: customer)).Json;
        var missed = answer.GetProperty("missed").EnumerateArray().ToList();
        Assert.True(answer.GetProperty("recovered").GetBoolean() || missed.Count == 0);
        return answer.GetProperty("recovered").GetBoolean() ? missed : null;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = gateway.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        Assert.True(await command.ExecuteNonQueryAsync(Token) > 0);
    }

    private static int SequenceOf(string cursor) =>
        int.Parse(cursor.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Streams that remember eight events.</summary>
public sealed class ForgetfulGateway(TimescaleServer server) : Gateway(server)
{
    protected override IEnumerable<(string Key, string Value)> Settings => [("Live:RingSize", "8")];
}
