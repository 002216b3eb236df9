using System.Text.Json;
using Npgsql;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Row changes to the packages from npm, as they are.</summary>
public sealed class RealtimeClientTests(RealtimeGateway gateway) : IClassFixture<RealtimeGateway>
{
    [Fact]
    public async Task The_line_that_people_have_in_their_code_works()
    {
        var (id, _, deviceId) = await gateway.CreateAssignedAsync();
        var (otherId, _, _) = await gateway.CreateAssignedAsync();
        await gateway.SettleAsync();
        await using var script = RealtimeScript.Start("line", gateway, gateway.Dispatcher.ToString(), id.ToString());
        var system = await script.NextAsync("system");
        Assert.Equal("Subscribed to PostgreSQL", system.GetProperty("message").GetString());

        await gateway.SetStatusAsync(otherId, "en_route");
        await gateway.SetStatusAsync(id, "en_route");

        var change = await script.NextAsync("change");
        Assert.Equal("UPDATE", change.GetProperty("eventType").GetString());
        Assert.Equal(("public", "service_requests"), (change.GetProperty("schema").GetString(), change.GetProperty("table").GetString()));
        Assert.Equal(JsonValueKind.Null, change.GetProperty("errors").ValueKind);
        var row = change.GetProperty("new");
        Assert.Equal(
            ["id", "status", "device_id", "pickup_lat", "pickup_lng", "customer_name", "note", "created_at", "updated_at", "version",
                "tenant", "arrival_noticed_at"],
            row.EnumerateObject().Select(member => member.Name));
        Assert.Equal(id, row.GetProperty("id").GetGuid());
        Assert.Equal("en_route", row.GetProperty("status").GetString());
        Assert.Equal(deviceId, row.GetProperty("device_id").GetString());
        Assert.Equal((48.1, 11.5), (row.GetProperty("pickup_lat").GetDouble(), row.GetProperty("pickup_lng").GetDouble()));
        Assert.Equal(JsonValueKind.Null, row.GetProperty("note").ValueKind);
        Assert.Equal(3, row.GetProperty("version").GetInt32());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?\+00:00$", row.GetProperty("updated_at").GetString());
        Assert.Equal("assigned", change.GetProperty("old").GetProperty("status").GetString());
        var late = change.GetProperty("commit_timestamp").GetDateTimeOffset() - row.GetProperty("updated_at").GetDateTimeOffset();
        Assert.InRange(late, TimeSpan.FromMilliseconds(-1), TimeSpan.FromMinutes(1));

        await gateway.SetStatusAsync(id, "arrived");
        Assert.Equal("arrived", (await script.NextAsync("change")).GetProperty("new").GetProperty("status").GetString());
        await script.TellAsync();
        await script.NextAsync("end");
    }

    [Fact]
    public async Task New_changed_and_deleted_rows_are_told_in_both_versions()
    {
        var id = Guid.NewGuid();
        await using var script = RealtimeScript.Start("kinds", gateway, gateway.Dispatcher.ToString(), id.ToString());
        await script.NextAsync("ready");

        await ExecuteAsync($"INSERT INTO service_requests (request_id, pickup_lat, pickup_lng, customer_token_hash) VALUES ('{id}', 1, 2, '')");
        await ExecuteAsync($"UPDATE service_requests SET note = 'it''s here' WHERE request_id = '{id}'");
        await ExecuteAsync($"DELETE FROM service_requests WHERE request_id = '{id}'");

        var lines = new List<string>();
        await script.NextAsync("2.0.0 DELETE", lines);
        await script.TellAsync();
        await script.NextAsync("end", lines);
        foreach (var version in new[] { "1.0.0", "2.0.0" })
        {
            var all = Of(lines, version, id);
            Assert.Equal(["INSERT", "UPDATE", "DELETE"], all.Select(change => change.GetProperty("eventType").GetString()));
            Assert.Equal("{}", all[0].GetProperty("old").GetRawText());
            Assert.Equal("it's here", all[1].GetProperty("new").GetProperty("note").GetString());
            Assert.Equal("{}", all[2].GetProperty("new").GetRawText());
            Assert.Equal("it's here", all[2].GetProperty("old").GetProperty("note").GetString());
            Assert.Equal($$"""{"id":"{{id}}","status":"pending"}""", Assert.Single(Of(lines, version + " select", id)).GetProperty("new").GetRawText());
        }

        Assert.Single(Of(lines, "1.0.0 DELETE", id));
    }

    [Fact]
    public async Task Clients_on_one_topic_hear_each_other()
    {
        var (id, token) = await gateway.CreateRequestAsync();
        await gateway.SettleAsync();
        await using var script = RealtimeScript.Start(
            "broadcast", gateway, gateway.Dispatcher.ToString(), $"request-{id}", token);
        foreach (var version in new[] { "1.0.0", "2.0.0" })
        {
            const string Near = """{"event":"near","payload":{"meters":120,"wo":"Straße"}}""";
            List<string> expected =
            [
                $$"""{"kind":"{{version}} sent","value":"ok"}""", $$"""{"kind":"{{version}} itself","value":{{Near}}}""",
                $$"""{"kind":"{{version}} other","value":{{Near}}}""",
            ];
            if (version == "2.0.0")
            {
                const string Bytes = """{"event":"near","payload":[1,2,255]}""";
                expected.AddRange(
                [
                    """{"kind":"bytes sent","value":"ok"}""", $$"""{"kind":"2.0.0 itself","value":{{Bytes}}}""",
                    $$"""{"kind":"2.0.0 other","value":{{Bytes}}}""",
                ]);
            }

            await script.SeenAsync(expected);
            await script.TellAsync();
        }

        await script.NextAsync("end");
    }

    [Fact]
    public async Task Clients_on_one_topic_see_who_is_there()
    {
        var (id, token) = await gateway.CreateRequestAsync();
        await gateway.SettleAsync();
        await using var script = RealtimeScript.Start(
            "presence", gateway, gateway.Dispatcher.ToString(), $"request-{id}", token);

        await UntilAsync(script, "bob sees", """{"ada":[{"at":1}]}""");
        await script.TellAsync();
        await UntilAsync(script, "ada sees", """{"ada":[{"at":1}],"bob":[{"at":2}]}""");
        await script.TellAsync();
        await UntilAsync(script, "ada sees", """{"ada":[{"at":1}],"bob":[{"at":3}]}""");
        await script.TellAsync();
        await UntilAsync(script, "bob sees", """{"bob":[{"at":3}]}""");
        await script.TellAsync();
        await UntilAsync(script, "ada sees", "{}");
        await script.TellAsync();
        await script.NextAsync("end");
    }

    [Fact]
    public async Task A_customer_sees_the_own_row_and_a_new_token_keeps_it_so()
    {
        var (id, _, _) = await gateway.CreateAssignedAsync();
        var (otherId, _, _) = await gateway.CreateAssignedAsync();
        await gateway.SettleAsync();
        string Sign(int seconds) => RealtimeGateway.Sign(
            ("role", "customer"), ("request_id", id.ToString()),
            ("exp", TimeProvider.System.GetUtcNow().AddSeconds(seconds).ToUnixTimeSeconds()));
        await using var script = RealtimeScript.Start(
            "channel", gateway, "publishable",
            $$"""{"token":"{{Sign(20)}}","changes":[{"event":"*","schema":"public","table":"service_requests"}]}""");
        await script.NextAsync("SUBSCRIBED");
        await script.NextAsync("system");

        await script.TellAsync(Sign(3600));
        Assert.Equal("Subscribed to PostgreSQL", (await script.NextAsync("system")).GetProperty("message").GetString());
        await gateway.SetStatusAsync(otherId, "en_route");
        await gateway.SetStatusAsync(id, "en_route");
        Assert.Equal(id, (await script.NextAsync("change")).GetProperty("new").GetProperty("id").GetGuid());

        await script.TellAsync(Sign(-1));
        var end = await script.NextAsync("system");
        Assert.Equal("error", end.GetProperty("status").GetString());
        await script.NextAsync("CLOSED");
    }

    [Fact]
    public async Task Refusals_reach_the_callback_of_the_client()
    {
        await using var script = RealtimeScript.Start(
            "channel", gateway, gateway.Dispatcher.ToString(),
            """{"changes":[{"event":"*","schema":"public","table":"service_requests","filter":"status=near.1"}]}""");

        Assert.Contains("there is no operator 'near'", (await script.NextAsync("CHANNEL_ERROR")).GetString(), StringComparison.Ordinal);
    }

    private static async Task UntilAsync(RealtimeScript script, string kind, string value)
    {
        while ((await script.NextAsync(kind)).GetRawText() != value)
        {
            // An earlier state.
        }
    }

    private static List<JsonElement> Of(List<string> lines, string kind, Guid id) =>
        [.. lines.Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => line.GetProperty("kind").GetString() == kind && line.GetRawText().Contains(id.ToString(), StringComparison.Ordinal))
            .Select(line => line.GetProperty("value"))];

    private async Task ExecuteAsync(string sql)
    {
        await using var command = ((NpgsqlDataSource)gateway.Services.GetService(typeof(NpgsqlDataSource))!).CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
