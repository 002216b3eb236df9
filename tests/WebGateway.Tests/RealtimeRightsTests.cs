namespace ArtMqtt.WebGateway.Tests;

/// <summary>Who is told of which rows, and for how long: by claims, looked at when joining and with each new token.</summary>
public sealed class RealtimeRightsTests(RealtimeGateway gateway) : IClassFixture<RealtimeGateway>
{
    private const string Requests = """{"event":"*","schema":"public","table":"service_requests"}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Callers_are_told_what_they_may_know()
    {
        var (id, customer, deviceId) = await gateway.CreateAssignedAsync();
        var (otherId, _, otherDevice) = await gateway.CreateAssignedAsync();
        await gateway.SettleAsync();
        var everything = """{"event":"*","schema":"public"}""";
        var table = new (string Token, bool[] Sees)[]
        {
            (gateway.Dispatcher.ToString(), [true, true]), (RealtimeGateway.Sign(("role", "analyst")), [true, true]),
            (customer, [true, false]), (RealtimeGateway.Sign(("role", "customer"), ("request_id", id.ToString())), [true, false]),
            (RealtimeGateway.Sign(("role", "device"), ("sub", deviceId)), [true, false]),
            (RealtimeGateway.Sign(("role", "operator"), ("device_id", otherDevice)), [false, true]),
        };
        var sockets = new List<RealtimeSocket>();
        foreach (var (token, _) in table)
        {
            sockets.Add(await RealtimeSocket.ConnectAsync(gateway, token));
            Assert.Equal("ok", (await sockets[^1].JoinAsync("realtime:x", everything)).GetProperty("status").GetString());
        }

        await gateway.SetStatusAsync(otherId, "en_route");
        await gateway.SetStatusAsync(id, "en_route");

        foreach (var ((token, sees), socket) in table.Zip(sockets))
        {
            Guid[] expected = [.. sees[1] ? [otherId, otherId] : Array.Empty<Guid>(), .. sees[0] ? [id, id] : Array.Empty<Guid>()];
            var found = new List<Guid>();
            while (found.Count < expected.Length)
            {
                var data = (await socket.ReadUntilAsync("postgres_changes")).Payload.GetProperty("data");
                var row = data.GetProperty("record");
                var key = data.GetProperty("table").GetString() == "service_requests" ? "id" : "request_id";
                found.Add(row.GetProperty(key).GetGuid());
            }

            Assert.True(expected.SequenceEqual(found), token);
            // Whatever else was sent to it is before the answer.
            await socket.CallAsync("phoenix", "heartbeat", "{}");
            Assert.Equal(expected.Length, socket.Came.Count(message => message.Event == "postgres_changes"));
            await socket.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_customer_never_sees_the_row_of_another()
    {
        var (_, token) = await gateway.CreateRequestAsync();
        var (otherId, _) = await gateway.CreateRequestAsync();
        await gateway.SettleAsync();
        await using var customer = await RealtimeSocket.ConnectAsync(gateway, token);
        await using var dispatcher = await RealtimeSocket.ConnectAsync(gateway, gateway.Dispatcher.ToString());
        var wish = $$"""{"event":"*","table":"service_requests","filter":"id=eq.{{otherId}}"}, {"event":"*","table":"request_events"}, {{Requests}}""";
        await customer.JoinAsync("realtime:x", wish);
        await dispatcher.JoinAsync("realtime:x", wish);

        await gateway.SetStatusAsync(otherId, "cancelled");

        await dispatcher.ReadUntilAsync(m => m.Event == "postgres_changes"
            && m.Payload.GetProperty("data").GetProperty("table").GetString() == "request_events");
        await customer.CallAsync("phoenix", "heartbeat", "{}");
        Assert.Equal(["phx_reply", "system", "phx_reply"], customer.Came.Select(message => message.Event));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("anon")]
    [InlineData("d.wrong")]
    [InlineData("c.00000000000000000000000000000000.x")]
    public async Task Strangers_join_nothing_but_may_bring_a_token(string? key)
    {
        await using var socket = await RealtimeSocket.ConnectAsync(gateway, key);

        var refused = await socket.JoinAsync("realtime:x", "");
        Assert.Contains("Unauthorized", refused.GetRawText(), StringComparison.Ordinal);
        var joined = await socket.JoinAsync("realtime:x", Requests, gateway.Dispatcher.ToString());
        Assert.Equal("ok", joined.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_channel_ends_with_its_token_and_lives_on_with_a_new_one()
    {
        var (id, _, _) = await gateway.CreateAssignedAsync();
        await gateway.SettleAsync();
        string Sign(int seconds, Guid request) => RealtimeGateway.Sign(
            ("role", "customer"), ("request_id", request.ToString()),
            ("exp", TimeProvider.System.GetUtcNow().AddSeconds(seconds).ToUnixTimeSeconds()));
        await using var socket = await RealtimeSocket.ConnectAsync(gateway, "anon");
        await socket.JoinAsync("realtime:ends", Requests, Sign(6, id));
        await socket.JoinAsync("realtime:lives", Requests, Sign(6, id));
        await socket.ReadUntilAsync("system");
        await socket.SendAsync("realtime:lives", "access_token", $$"""{"access_token":"{{Sign(3600, id)}}"}""", "1");
        var again = await socket.ReadUntilAsync(m => m.Event == "system" && m.Topic == "realtime:lives");
        Assert.Equal("ok", again.Payload.GetProperty("status").GetString());

        var end = await socket.ReadUntilAsync(m => m.Event == "system" && m.Topic == "realtime:ends");
        Assert.Equal(
            """{"extension":"system","status":"error","message":"The access token has expired","channel":"ends"}""",
            end.Payload.GetRawText());
        var closed = await socket.ReadUntilAsync("phx_close");
        Assert.Equal(("realtime:ends", "1"), (closed.Topic, closed.JoinRef));
        await gateway.SetStatusAsync(id, "en_route");
        Assert.Equal("realtime:lives", (await socket.ReadUntilAsync("postgres_changes")).Topic);

        // A token for something else takes the old rights away.
        await socket.SendAsync("realtime:lives", "access_token", $$"""{"access_token":"{{Sign(3600, Guid.NewGuid())}}"}""", "1");
        await socket.ReadUntilAsync(m => m.Event == "system" && m.Topic == "realtime:lives");
        await gateway.SetStatusAsync(id, "arrived");
        await socket.SendAsync("realtime:lives", "access_token", """{"access_token":"d.wrong"}""", "1");
        var seen = new List<string>();
        await socket.ReadUntilAsync(message =>
        {
            seen.Add(message.Event);
            return message.Event == "phx_close";
        });
        Assert.Equal(["system", "phx_close"], seen);
    }

    [Fact]
    public async Task A_token_that_allows_less_ends_the_channel()
    {
        var (id, token) = await gateway.CreateRequestAsync();
        await gateway.SettleAsync();
        await using var socket = await RealtimeSocket.ConnectAsync(gateway, gateway.Dispatcher.ToString());
        await socket.JoinAsync("realtime:x", """{"event":"*","table":"devices"}""");
        await socket.ReadUntilAsync("system");

        await socket.SendAsync("realtime:x", "access_token", $$"""{"access_token":"{{token}}"}""", "1");

        var end = await socket.ReadUntilAsync("system");
        Assert.Equal("error", end.Payload.GetProperty("status").GetString());
        await socket.ReadUntilAsync("phx_close");
        Assert.NotEqual(Guid.Empty, id);
    }

    [Fact]
    public async Task Customers_talk_on_topics_of_their_own_request_only()
    {
        var (id, token) = await gateway.CreateRequestAsync();
        var (otherId, otherToken) = await gateway.CreateRequestAsync();
        await gateway.SettleAsync();
        await using var customer = await RealtimeSocket.ConnectAsync(gateway, token);
        await using var stranger = await RealtimeSocket.ConnectAsync(gateway, otherToken);
        await using var dispatcher = await RealtimeSocket.ConnectAsync(gateway, gateway.Dispatcher.ToString());
        var shout = """{"type":"broadcast","event":"hello","payload":{"n":1}}""";
        const string Acked = ",\"broadcast\":{\"ack\":true}";
        foreach (var (topic, may) in new[]
        {
            ($"realtime:request-{id}", true), ("realtime:lobby", false), ($"realtime:request-{otherId}", false),
            ($"realtime:{id}-{otherId}", false),
        })
        {
            foreach (var socket in new[] { customer, stranger, dispatcher })
            {
                Assert.Equal("ok", (await socket.JoinAsync(topic, more: Acked)).GetProperty("status").GetString());
            }

            var reply = await customer.CallAsync(topic, "broadcast", shout, "1");
            Assert.Equal(may ? "ok" : "error", reply.GetProperty("status").GetString());
            var presence = await customer.CallAsync(topic, "presence", """{"type":"presence","event":"track","payload":{}}""", "1");
            Assert.Equal(may ? "ok" : "error", presence.GetProperty("status").GetString());
            await dispatcher.CallAsync(topic, "broadcast", shout, "1");
        }

        // The stranger heard what the dispatcher said on the topic of the own request, and nothing else.
        await stranger.CallAsync("phoenix", "heartbeat", "{}");
        Assert.Equal(
            [$"realtime:request-{otherId}"], stranger.Came.Where(m => m.Event == "broadcast").Select(m => m.Topic));
        var refused = await customer.JoinAsync("realtime:lobby", more: ",\"presence\":{\"enabled\":true}");
        Assert.Contains("Unauthorized", refused.GetRawText(), StringComparison.Ordinal);
    }
}
