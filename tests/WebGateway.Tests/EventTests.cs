using System.Net;
using System.Text.Json;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>The live stream without SignalR: polling and server-sent events, one cursor for all.</summary>
public sealed class EventTests(RoomyGateway gateway) : IClassFixture<RoomyGateway>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_poll_tells_what_the_hub_tells()
    {
        var (id, customer, _) = await gateway.CreateAssignedAsync();
        await gateway.PublishAsync(id, second: 1);
        await using var watcher = await Watcher.ConnectAsync(gateway, customer);
        var joined = await watcher.JoinAsync(id);

        var polled = await PollAsync(id, customer);

        Assert.Equal(200, polled.Status);
        Assert.Equal(joined.GetRawText(), polled.Json.GetRawText());
    }

    [Fact]
    public async Task A_poll_behind_a_cursor_tells_each_event_once_and_in_order()
    {
        var (id, customer, _) = await gateway.CreateAssignedAsync();
        var cursor = Cursor(await PollAsync(id, customer));
        var seen = new List<string>();
        for (var second = 1; second <= 20; second++)
        {
            await gateway.PublishAsync(id, second);
            if (second % 3 == 0)
            {
                await gateway.PublishAsync(id, second, PositionRole.Customer);
            }

            if (second % 4 == 0)
            {
                var answer = await PollAsync(id, customer, cursor);
                Assert.True(answer.Json.GetProperty("recovered").GetBoolean());
                seen.AddRange(answer.Json.GetProperty("missed").EnumerateArray().Select(
                    e => $"{e.GetProperty("seq")} {e.GetProperty("name")} {e.GetProperty("data").GetProperty("timestamp")}"));
                cursor = Cursor(answer);
            }
        }

        Assert.Equal(26, seen.Count);
        Assert.Equal(seen.Order(StringComparer.Ordinal).Count(), seen.Distinct().Count());
        var numbers = seen.ConvertAll(line => int.Parse(line.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(Enumerable.Range(numbers[0], 26), numbers);
        Assert.Empty((await PollAsync(id, customer, cursor)).Json.GetProperty("missed").EnumerateArray());
        Assert.False((await PollAsync(id, customer, "other:1")).Json.GetProperty("recovered").GetBoolean());
    }

    [Fact]
    public async Task A_poll_that_waits_is_answered_by_what_happens()
    {
        var (id, customer, _) = await gateway.CreateAssignedAsync();
        var cursor = Cursor(await PollAsync(id, customer));

        var waiting = PollAsync(id, customer, cursor, wait: 30);
        await gateway.PublishAsync(id, second: 5);
        var answer = await waiting;

        Assert.Equal("operator:location", answer.Json.GetProperty("missed")[0].GetProperty("name").GetString());
        Assert.Empty((await PollAsync(id, customer, Cursor(answer), wait: 1)).Json.GetProperty("missed").EnumerateArray());
    }

    [Fact]
    public async Task What_may_not_be_seen_does_not_end_the_wait()
    {
        var (id, customer) = await gateway.CreateRequestAsync();
        var cursor = Cursor(await PollAsync(id, customer));

        var waiting = PollAsync(id, customer, cursor, wait: 30);
        await gateway.PublishAsync(id, second: 5);
        await gateway.SetStatusAsync(id, "cancelled");
        var answer = await waiting;

        Assert.Equal(
            ["request:status:updated"],
            answer.Json.GetProperty("missed").EnumerateArray().Select(e => e.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Nothing_new_is_304()
    {
        var (id, customer, _) = await gateway.CreateAssignedAsync();
        using var client = gateway.CreateClient(customer);
        using var first = await client.GetAsync(Path(id), Token);
        var tag = first.Headers.ETag!;

        async Task<HttpStatusCode> AgainAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Path(id));
            request.Headers.IfNoneMatch.Add(tag);
            using var answer = await client.SendAsync(request, Token);
            return answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.NotModified, await AgainAsync());
        await gateway.PublishAsync(id, second: 5);
        Assert.Equal(HttpStatusCode.OK, await AgainAsync());
    }

    [Fact]
    public async Task Only_those_who_may_see_the_request_and_with_a_cursor_that_is_one()
    {
        var (id, customer, _) = await gateway.CreateAssignedAsync();
        var (other, _) = await gateway.CreateRequestAsync();

        foreach (var what in new[] { "events", "stream" })
        {
            Assert.Equal("request_not_found", (await gateway.CallAsync("GET", $"/api/requests/{other}/{what}", token: customer)).Code);
            Assert.Equal("request_not_found", (await gateway.CallAsync("GET", $"/api/requests/{Guid.NewGuid()}/{what}")).Code);
            Assert.Equal(401, (await gateway.CallAsync("GET", $"/api/requests/{id}/{what}", token: "")).Status);
            Assert.Equal("invalid_request", (await gateway.CallAsync("GET", $"/api/requests/{id}/{what}?since=rubbish")).Code);
        }

        Assert.Equal("invalid_request", (await gateway.CallAsync("GET", $"/api/requests/{id}/events?wait=31")).Code);
        Assert.Equal(401, (await gateway.CallAsync("GET", $"/api/requests/{id}/events?access_token={customer}", token: "")).Status);
    }

    [Fact]
    public async Task Server_sent_events_begin_with_a_snapshot_and_go_on_where_they_stopped()
    {
        var (id, customer, _) = await gateway.CreateAssignedAsync();
        await gateway.PublishAsync(id, second: 1);

        string last;
        await using (var stream = await ServerSentEvents.OpenAsync(gateway, id, customer))
        {
            var snapshot = await stream.NextAsync();
            Assert.Equal("snapshot", snapshot.EventType);
            Assert.Equal(48.123456789, JsonDocument.Parse(snapshot.Data).RootElement
                .GetProperty("snapshot").GetProperty("operator").GetProperty("lat").GetDouble());
            await gateway.PublishAsync(id, second: 2);
            var place = await stream.NextAsync();
            Assert.Equal("operator:location", place.EventType);
            Assert.Equal(id, JsonDocument.Parse(place.Data).RootElement.GetProperty("requestId").GetGuid());
            last = place.EventId!;
        }

        await gateway.PublishAsync(id, second: 3);
        await gateway.SetStatusAsync(id, "en_route");
        await using var again = await ServerSentEvents.OpenAsync(gateway, id, customer, last);
        Assert.Equal("operator:location", (await again.NextAsync()).EventType);
        Assert.Equal("request:status:updated", (await again.NextAsync()).EventType);
        await gateway.PublishAsync(id, second: 4);
        Assert.Equal("operator:location", (await again.NextAsync()).EventType);
    }

    [Fact]
    public async Task Who_changes_between_hub_poll_and_stream_misses_nothing_and_gets_nothing_twice()
    {
        const int Events = 400;
        var random = new Random(11);
        var (id, customer, _) = await gateway.CreateAssignedAsync();
        var cursor = Cursor(await PollAsync(id, customer));
        var epoch = cursor[..cursor.LastIndexOf(':')];
        var first = long.Parse(cursor[(cursor.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
        var publishing = Task.Run(async () =>
        {
            for (var i = 0; i < Events; i++)
            {
                await gateway.PublishStatusAsync(id);
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, Token);
            }
        }, Token);

        var seen = new List<long>();
        while (seen.Count < Events)
        {
            var from = $"{epoch}:{(seen.Count > 0 ? seen[^1] : first)}";
            switch (random.Next(3))
            {
                case 0:
                    var answer = await PollAsync(id, customer, from, wait: 5);
                    Assert.True(answer.Json.GetProperty("recovered").GetBoolean());
                    seen.AddRange(Numbers(answer.Json.GetProperty("missed")));
                    break;
                case 1:
                    await using (var stream = await ServerSentEvents.OpenAsync(gateway, id, customer, from))
                    {
                        for (var left = random.Next(1, 20); left > 0 && seen.Count < Events; left--)
                        {
                            seen.Add(JsonDocument.Parse((await stream.NextAsync()).Data).RootElement.GetProperty("seq").GetInt64());
                        }
                    }

                    break;
                default:
                    await using (var watcher = await Watcher.ConnectAsync(gateway, customer))
                    {
                        var joined = await watcher.JoinAsync(id, from);
                        Assert.True(joined.GetProperty("recovered").GetBoolean());
                        seen.AddRange(Numbers(joined.GetProperty("missed")));
                        for (var left = random.Next(1, 20); left > 0 && seen.Count < Events; left--)
                        {
                            seen.Add((await watcher.NextAsync()).Data.GetProperty("seq").GetInt64());
                        }
                    }

                    break;
            }
        }

        await publishing;
        Assert.Equal(Enumerable.Range(1, Events).Select(i => first + i), seen);
    }

    private static List<long> Numbers(JsonElement missed) =>
        [.. missed.EnumerateArray().Select(e => e.GetProperty("seq").GetInt64())];

    private static string Path(Guid id, string? since = null, int wait = 0) =>
        $"/api/requests/{id}/events?wait={wait}{(since is null ? "" : $"&since={since}")}";

    private static string Cursor(Answer answer) => answer.Json.GetProperty("cursor").GetString()!;

    private Task<Answer> PollAsync(Guid id, string token, string? since = null, int wait = 0) =>
        gateway.CallAsync("GET", Path(id, since, wait), token: token);
}
