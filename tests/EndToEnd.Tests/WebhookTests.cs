using System.Text.Json;
using ArtMqtt.EndToEnd.Tests.Servers;
using ArtMqtt.TestKit;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>kill -9 while webhooks are sent: what happened is told, at least once.</summary>
public sealed class WebhookTests(TimescaleServer server)
{
    private static readonly string[] _settings =
    [
        "--Gateway:Webhooks:AllowHttp", "true", "--Gateway:Webhooks:AllowedNetworks:0", "127.0.0.0/8",
        "--Gateway:Webhooks:Timeout", "00:00:05",
    ];

    [Fact]
    public async Task What_a_node_sent_when_it_was_killed_is_sent_again_and_nothing_is_forgotten()
    {
        await using var node = await NodeProcess.StartNewAsync(server, _settings);
        await using var listener = new WebhookListener();
        using var dispatcher = new Dispatcher(node);
        await dispatcher.CreateWebhookAsync(listener.Address, "request.status");
        var made = new List<Guid>();
        var held = new List<string>();

        for (var kill = 0; kill < 3; kill++)
        {
            listener.Hold();
            var before = listener.Calls.Count;
            made.Add((await dispatcher.CreateJobAsync(48.1, 11.5)).RequestId);
            await Soon.TrueAsync("a call", () => listener.Calls.Count > before);
            await node.KillAsync();
            held.AddRange(listener.Calls.Skip(before).Select(call => call.Id));
            listener.Release();
            node.Launch(_settings);
            await node.ReadyAsync();
        }

        // Made, assigned, on the way: three for each.
        await Soon.TrueAsync("all events", () => listener.Calls.DistinctBy(call => call.Id).Count() == 9
            && held.TrueForAll(id => listener.Calls.Count(call => call.Id == id) > 1));
        Assert.Equal(
            made.SelectMany(id => new[] { $"{id} 1", $"{id} 2", $"{id} 3" }).Order(),
            listener.Calls.DistinctBy(call => call.Id).Select(call => Describe(call.Body)).Order());
    }

    private static string Describe(string body)
    {
        using var json = JsonDocument.Parse(body);
        var data = json.RootElement.GetProperty("data");
        return $"{data.GetProperty("requestId").GetGuid()} {data.GetProperty("version").GetInt32()}";
    }
}
