using System.Net.WebSockets;
using System.Text;
using Npgsql;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Row changes, broadcasts and presence on the wire.</summary>
public sealed class RealtimeTests(RealtimeGateway gateway) : IClassFixture<RealtimeGateway>
{
    private const string Requests = """{"event":"*","schema":"public","table":"service_requests"}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("1.0.0")]
    [InlineData("2.0.0")]
    public async Task A_channel_is_joined_told_and_left(string version)
    {
        var (id, _, _) = await gateway.CreateAssignedAsync();
        await gateway.SettleAsync();
        await using var socket = await RealtimeSocket.ConnectAsync(gateway, gateway.Dispatcher.ToString(), version);
        Assert.Equal("""{"status":"ok","response":{}}""", (await socket.CallAsync("phoenix", "heartbeat", "{}")).GetRawText());

        var wish = $$"""{"event":"UPDATE","schema":"public","table":"service_requests","filter":"id=eq.{{id}}"}""";
        var reply = await socket.JoinAsync("realtime:a", wish);

        Assert.Equal("ok", reply.GetProperty("status").GetString());
        var confirmed = Assert.Single(reply.GetProperty("response").GetProperty("postgres_changes").EnumerateArray());
        var number = confirmed.GetProperty("id").GetInt64();
        Assert.Equal(
            $$"""{"id":{{number}},"event":"UPDATE","schema":"public","table":"service_requests","filter":"id=eq.{{id}}"}""",
            confirmed.GetRawText());
        var system = await socket.ReadUntilAsync("system");
        Assert.Equal(
            """{"extension":"postgres_changes","status":"ok","message":"Subscribed to PostgreSQL","channel":"a"}""",
            system.Payload.GetRawText());

        await gateway.SetStatusAsync(id, "en_route");
        var change = await socket.ReadUntilAsync("postgres_changes");
        Assert.Equal("realtime:a", change.Topic);
        Assert.Equal($"[{number}]", change.Payload.GetProperty("ids").GetRawText());
        var data = change.Payload.GetProperty("data");
        Assert.Equal(
            ["schema", "table", "commit_timestamp", "type", "columns", "record", "old_record", "errors"],
            data.EnumerateObject().Select(member => member.Name));
        Assert.Equal("""{"name":"id","type":"uuid"}""", data.GetProperty("columns")[0].GetRawText());
        Assert.Equal("en_route", data.GetProperty("record").GetProperty("status").GetString());
        Assert.Equal("assigned", data.GetProperty("old_record").GetProperty("status").GetString());

        var left = await socket.CallAsync("realtime:a", "phx_leave", "{}", "1");
        Assert.Equal("ok", left.GetProperty("status").GetString());
        await gateway.SetStatusAsync(id, "arrived");
        var unmatched = await socket.CallAsync("realtime:a", "phx_leave", "{}", "1");
        Assert.Equal("""{"status":"error","response":{"reason":"unmatched topic"}}""", unmatched.GetRawText());
    }

    [Fact]
    public async Task Several_wishes_of_a_channel_make_one_message_with_the_numbers_of_those_that_match()
    {
        var (id, _) = await gateway.CreateRequestAsync();
        await gateway.SettleAsync();
        await using var socket = await RealtimeSocket.ConnectAsync(gateway, gateway.Dispatcher.ToString());
        var reply = await socket.JoinAsync("realtime:many", $$"""
            {"event":"*","schema":"*"}, {"event":"INSERT","table":"service_requests","filter":"id=eq.{{id}}"},
            {"event":"update","table":"service_requests","filter":"id=eq.{{id}},status=eq.cancelled"},
            {"event":"UPDATE","table":"service_requests","filter":"id=eq.{{id}}","select":["version"]}
            """);
        var ids = reply.GetProperty("response").GetProperty("postgres_changes").EnumerateArray()
            .Select(wish => wish.GetProperty("id").GetInt64()).ToList();

        await gateway.SetStatusAsync(id, "cancelled");

        var changes = new List<WireMessage>();
        while (changes.Count < 3)
        {
            var change = await socket.ReadUntilAsync("postgres_changes");
            if (change.Payload.GetRawText().Contains(id.ToString(), StringComparison.Ordinal))
            {
                changes.Add(change);
            }
        }

        Assert.Equal($"[{ids[0]},{ids[2]}]", changes[0].Payload.GetProperty("ids").GetRawText());
        Assert.Equal($"[{ids[3]}]", changes[1].Payload.GetProperty("ids").GetRawText());
        Assert.Equal(
            $$"""{"id":"{{id}}","version":2}""", changes[1].Payload.GetProperty("data").GetProperty("record").GetRawText());
        Assert.Equal("""[{"name":"id","type":"uuid"},{"name":"version","type":"int4"}]""",
            changes[1].Payload.GetProperty("data").GetProperty("columns").GetRawText());
        Assert.Equal("request_events", changes[2].Payload.GetProperty("data").GetProperty("table").GetString());
    }

    [Fact]
    public async Task Deleted_rows_are_told_with_what_they_were_and_nothing_secret_ever_is()
    {
        var deviceId = $"van-{Guid.NewGuid():N}";
        await using var socket = await RealtimeSocket.ConnectAsync(gateway, gateway.Dispatcher.ToString());
        await socket.JoinAsync("realtime:devices", $$"""{"event":"*","table":"devices","filter":"device_id=eq.{{deviceId}}"}""");

        Assert.Equal(201, (await gateway.CallAsync("POST", "/api/devices", $$"""{"deviceId":"{{deviceId}}","name":"Van \"7\" ü"}""")).Status);
        Assert.Equal(200, (await gateway.CallAsync("POST", $"/api/devices/{deviceId}/disable")).Status);
        Assert.Equal(204, (await gateway.CallAsync("DELETE", $"/api/devices/{deviceId}")).Status);

        var columns = new[] { "device_id", "name", "is_enabled", "created_at", "tenant" };
        var inserted = (await socket.ReadUntilAsync("postgres_changes")).Payload.GetProperty("data");
        Assert.Equal("INSERT", inserted.GetProperty("type").GetString());
        Assert.Equal(columns, inserted.GetProperty("record").EnumerateObject().Select(member => member.Name));
        Assert.Equal("Van \"7\" ü", inserted.GetProperty("record").GetProperty("name").GetString());
        Assert.Equal("{}", inserted.GetProperty("old_record").GetRawText());
        var updated = (await socket.ReadUntilAsync("postgres_changes")).Payload.GetProperty("data");
        Assert.Equal("UPDATE", updated.GetProperty("type").GetString());
        Assert.False(updated.GetProperty("record").GetProperty("is_enabled").GetBoolean());
        Assert.True(updated.GetProperty("old_record").GetProperty("is_enabled").GetBoolean());
        var deleted = (await socket.ReadUntilAsync("postgres_changes")).Payload.GetProperty("data");
        Assert.Equal("DELETE", deleted.GetProperty("type").GetString());
        Assert.Equal("{}", deleted.GetProperty("record").GetRawText());
        Assert.Equal(columns, deleted.GetProperty("old_record").EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task A_long_note_that_does_not_change_is_told_all_the_same()
    {
        var (id, _) = await gateway.CreateRequestAsync();
        // Random text does not compress below what PostgreSQL keeps in the row itself.
        var note = string.Concat(Enumerable.Range(0, 60).Select(_ => Guid.NewGuid().ToString("N")));
        await ExecuteAsync($"ALTER TABLE service_requests ALTER COLUMN note SET STORAGE EXTERNAL; UPDATE service_requests SET note = repeat('{note}', 3) WHERE request_id = '{id}'");
        await gateway.SettleAsync();
        await using var socket = await RealtimeSocket.ConnectAsync(gateway, gateway.Dispatcher.ToString());
        await socket.JoinAsync("realtime:note", $$"""{"event":"UPDATE","table":"service_requests","filter":"id=eq.{{id}}"}""");

        await gateway.SetStatusAsync(id, "cancelled");

        var data = (await socket.ReadUntilAsync("postgres_changes")).Payload.GetProperty("data");
        Assert.Equal(note + note + note, data.GetProperty("record").GetProperty("note").GetString());
    }

    [Theory]
    [InlineData("""{"event":"*","table":"devices"}""", "Unauthorized: you may not read changes of devices")]
    [InlineData("""{"event":"*","table":"positions"}""", "changes of a table 'positions' are not published")]
    [InlineData("""{"event":"*","schema":"pg_catalog"}""", "there is no schema 'pg_catalog'")]
    [InlineData("""{"event":"*"}""", "give a `schema` or a `table`")]
    [InlineData("""{"event":"MERGE","table":"service_requests"}""", "`event` is INSERT, UPDATE, DELETE or *")]
    [InlineData("""{"event":"*","table":"service_requests","filter":"undefined"}""", "is not column=operator.value")]
    [InlineData("""{"event":"*","schema":"public","filter":"id=eq.1"}""", "a filter needs a table")]
    [InlineData("""{"event":"*","table":"service_requests","select":["secret"]}""", "`select` has a column that service_requests has not")]
    [InlineData("""{"event":"*","schema":"*","select":["id"]}""", "`select` is a list of columns of one table")]
    [InlineData("""{"event":"*","table":7}""", "`table` is text")]
    [InlineData("7", "is an object")]
    public async Task What_cannot_be_served_is_explained(string wish, string reason)
    {
        var (_, token) = await gateway.CreateRequestAsync();
        await gateway.SettleAsync();
        await using var socket = await RealtimeSocket.ConnectAsync(gateway, token);

        var reply = await socket.JoinAsync("realtime:x", wish);

        Assert.Equal("error", reply.GetProperty("status").GetString());
        Assert.Contains(reason, reply.GetProperty("response").GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Broadcasts_in_binary_reach_both_versions()
    {
        const string Topic = "realtime:raw";
        await using var sender = await RealtimeSocket.ConnectAsync(gateway, gateway.Dispatcher.ToString());
        await using var binary = await RealtimeSocket.ConnectAsync(gateway, gateway.Dispatcher.ToString());
        await using var text = await RealtimeSocket.ConnectAsync(gateway, gateway.Dispatcher.ToString(), "1.0.0");
        foreach (var socket in new[] { sender, binary, text })
        {
            await socket.JoinAsync(Topic, more: ",\"broadcast\":{\"ack\":true}");
        }

        var content = Encoding.UTF8.GetBytes("""{"m":"ü"}""");
        byte[] frame =
        [
            3, 1, 1, (byte)Topic.Length, 4, 7, 1, .. "1"u8, .. "9"u8, .. Encoding.ASCII.GetBytes(Topic), .. "near"u8,
            .. """{"k":1}"""u8, .. content,
        ];
        await sender.SendAsync(WebSocketMessageType.Binary, frame);

        Assert.Equal("9", (await sender.ReadUntilAsync("phx_reply")).Ref);
        byte[] expected =
            [4, (byte)Topic.Length, 4, 7, 1, .. Encoding.ASCII.GetBytes(Topic), .. "near"u8, .. """{"k":1}"""u8, .. content];
        Assert.Equal(expected, (await binary.ReadUntilAsync("binary")).Bytes);
        Assert.Equal(
            """{"type":"broadcast","event":"near","payload":{"m":"ü"},"meta":{"k":1}}""",
            (await text.ReadUntilAsync("broadcast")).Payload.GetRawText());
    }

    [Fact]
    public async Task Who_asks_is_told_that_the_database_is_followed()
    {
        await using var socket = await RealtimeSocket.ConnectAsync(gateway, gateway.Dispatcher.ToString());

        await socket.JoinAsync("realtime:x", more: ",\"broadcast\":{\"replication_ready\":true}");

        Assert.Equal(
            """{"extension":"system","status":"ok","message":"Replication connection established","channel":"x"}""",
            (await socket.ReadUntilAsync("system")).Payload.GetRawText());
    }

    [Fact]
    public async Task Joining_again_closes_the_channel_from_before()
    {
        await using var socket = await RealtimeSocket.ConnectAsync(gateway, gateway.Dispatcher.ToString());
        await socket.JoinAsync("realtime:x", Requests);

        var number = await socket.SendAsync("realtime:x", "phx_join", """{"config":{}}""", "2");

        Assert.Equal("1", (await socket.ReadUntilAsync("phx_close")).JoinRef);
        Assert.Equal("2", (await socket.ReadUntilAsync(m => m.Ref == number)).JoinRef);
    }

    [Theory]
    [InlineData("2.0.0", "{}", WebSocketCloseStatus.InvalidPayloadData)]
    [InlineData("2.0.0", "[1,2,3]", WebSocketCloseStatus.InvalidPayloadData)]
    [InlineData("2.0.0", "nonsense", WebSocketCloseStatus.InvalidPayloadData)]
    [InlineData("1.0.0", "[null,\"1\",\"phoenix\",\"heartbeat\",{}]", WebSocketCloseStatus.InvalidPayloadData)]
    [InlineData("2.0.0", "[\"1\",\"1\",\"realtime:x\",\"presence\",{\"event\":\"track\",\"payload\":{\"half\":\"\\ud800\"}}]", WebSocketCloseStatus.InvalidPayloadData)]
    [InlineData("2.0.0", "[\"1\",\"1\",\"realtime:x\",\"phx_join\",{\"\\uDC00\":1}]", WebSocketCloseStatus.InvalidPayloadData)]
    [InlineData("1.0.0", "{\"topic\":true,\"event\":\"x\"}", WebSocketCloseStatus.InvalidPayloadData)]
    public async Task What_is_no_message_ends_the_connection(string version, string text, WebSocketCloseStatus expected)
    {
        await using var socket = await RealtimeSocket.ConnectAsync(gateway, gateway.Dispatcher.ToString(), version);

        await socket.SendTextAsync(text);

        Assert.Null(await socket.ReadAsync());
        Assert.Equal(expected, socket.CloseStatus);
    }

    [Fact]
    public async Task Other_calls_are_told_that_this_is_a_websocket()
    {
        Assert.Equal("invalid_request", (await gateway.CallAsync("GET", "/realtime/v1/websocket?vsn=1.0.0")).Code);
        await Assert.ThrowsAsync<WebSocketException>(() => RealtimeSocket.ConnectAsync(gateway, "x", "3.0.0"));
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = ((NpgsqlDataSource)gateway.Services.GetService(typeof(NpgsqlDataSource))!).CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Token);
    }
}
