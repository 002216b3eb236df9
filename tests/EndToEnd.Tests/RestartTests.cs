using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ArtMqtt.EndToEnd.Tests.Servers;
using ArtMqtt.TestKit;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>What a watcher sees of a node that is stopped, or killed, and comes back.</summary>
public sealed class RestartTests(TimescaleServer server)
{
    private const int More = 12;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_watcher_misses_nothing_over_a_stop_and_is_told_when_it_may_have(bool isKilled)
    {
        string[] settings = ["--Broker:LiveInterval", "00:00:00", "--Live:RingSize", "4"];
        await using var node = await NodeProcess.StartNewAsync(server, settings);
        using var dispatcher = new Dispatcher(node);
        var job = await dispatcher.CreateJobAsync(48.2, 11.6);
        _start = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await PublishAsync(node, job, number: 0);
        var joined = await PollAsync(node, job, "");
        for (var number = 1; number <= More; number++)
        {
            await PublishAsync(node, job, number);
        }

        await (isKilled ? node.KillAsync() : node.StopAsync());
        await node.StartAsync(settings);
        for (var number = More + 1; number <= 2 * More; number++)
        {
            await PublishAsync(node, job, number);
        }

        var cursor = joined.GetProperty("cursor").GetString()!;
        var answer = await PollAsync(node, job, $"?since={cursor}");
        Assert.Equal(!isKilled, answer.GetProperty("recovered").GetBoolean());
        Assert.Equal(TimeOf(2 * More), answer.GetProperty("snapshot").GetProperty("operator").GetProperty("timestamp").GetInt64());
        Assert.Equal(
            isKilled ? [] : Enumerable.Range(1, 2 * More).Select(TimeOf),
            answer.GetProperty("missed").EnumerateArray()
                .Where(missed => missed.GetProperty("name").GetString() == "operator:location")
                .Select(missed => missed.GetProperty("data").GetProperty("timestamp").GetInt64()));
        var first = long.Parse(cursor.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture) + 1;
        Assert.Equal(
            Enumerable.Range(0, answer.GetProperty("missed").GetArrayLength()).Select(i => first + i),
            answer.GetProperty("missed").EnumerateArray().Select(missed => missed.GetProperty("seq").GetInt64()));
    }

    // What a device did before it was assigned is nothing of the request's.
    private long _start;

    private long TimeOf(int number) => _start + (number * 50L);

    private async Task PublishAsync(NodeProcess node, Job job, int number)
    {
        using var client = new HttpClient { BaseAddress = node.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", job.Device.Secret);
        using var answer = await client.PostAsJsonAsync(
            $"/api/devices/{job.Device.DeviceId}/positions", new { lat = 48.1, lng = 11.5, timestamp = TimeOf(number) }, Token);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Token));
        // The view follows the acknowledgement.
        await Soon.TrueAsync("the place in the view", async () =>
            (await PollAsync(node, job, "")).GetProperty("snapshot").GetProperty("operator") is { ValueKind: JsonValueKind.Object } place
            && place.GetProperty("timestamp").GetInt64() == TimeOf(number));
    }

    private static async Task<JsonElement> PollAsync(NodeProcess node, Job job, string query)
    {
        using var answer = await node.GetAsync($"/api/requests/{job.RequestId}/events{query}", job.Token);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Token);
    }
}
