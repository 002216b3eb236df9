using System.Text.Json;
using ArtMqtt.EndToEnd.Tests.Publishers;
using ArtMqtt.EndToEnd.Tests.Servers;
using ArtMqtt.TestKit;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>What operators look at: a real Prometheus collects from a node, and answers what the dashboard asks.</summary>
public sealed class PrometheusTests(TimescaleServer server) : IDisposable
{
    // Nothing is refused and nothing fails here; and nobody watches.
    private static readonly string[] _quiet = ["Refused", "Failures", "Live events"];

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_dashboard_of_the_pipeline_shows_what_a_node_does_and_no_alarm_rings()
    {
        // Away from the other secrets, as in compose.
        var token = Path.Combine(_folder.Path, "operations-token");
        await using var node = await NodeProcess.StartNewAsync(server, "--Secrets:OperationsTokenFile", token);
        await using var prometheus = PrometheusProcess.Start(node, token);
        using var dispatcher = new Dispatcher(node);
        await using var agent = await Agent.StartAsync(node, await dispatcher.CreateDeviceAsync(), _folder.Path);
        Assert.False(File.Exists(Path.Combine(node.DataFolder, "secrets", "operations-token")));

        await Soon.TrueAsync("a rate of stored positions", async () =>
            (await prometheus.AskAsync("rate(artmqtt_ingest_positions_written_total[5s])")).Any(rate => rate > 0));
        using var dashboard = JsonDocument.Parse(await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "compose", "grafana", "dashboards", "pipeline.json"), TestContext.Current.CancellationToken));
        foreach (var panel in dashboard.RootElement.GetProperty("panels").EnumerateArray())
        {
            var title = panel.GetProperty("title").GetString();
            var rows = 0;
            foreach (var target in panel.GetProperty("targets").EnumerateArray())
            {
                rows += (await prometheus.AskAsync(target.GetProperty("expr").GetString()!
                    .Replace("$node", ".*", StringComparison.Ordinal)
                    .Replace("$__rate_interval", "30s", StringComparison.Ordinal))).Count;
            }

            Assert.True(rows > 0 || _quiet.Contains(title), $"{title} shows nothing.");
        }

        await Soon.TrueAsync("alarms that were looked at", async () =>
            (await prometheus.AlarmsAsync()).Values.All(alarm => alarm.Health != "unknown"));
        Assert.All(await prometheus.AlarmsAsync(), alarm => Assert.Equal(("ok", "inactive"), alarm.Value));

        await node.KillAsync();
        await Soon.TrueAsync("the alarm that the node is away", async () =>
            (await prometheus.AlarmsAsync())["NodeAway"].State is "pending" or "firing");
        Assert.Null(agent.ExitCode);
    }
}
