using ArtMqtt.EndToEnd.Tests.Publishers;
using ArtMqtt.EndToEnd.Tests.Servers;
using ArtMqtt.TestKit;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>A fleet that is connected to a broker of others, and a node that takes its positions from there.</summary>
public sealed class UpstreamTests(TimescaleServer server, ITestOutputHelper output)
{
    [Fact]
    public async Task Killing_the_node_loses_and_doubles_nothing_of_what_the_other_broker_acknowledged()
    {
        var random = new Random();
        using var mosquitto = await MosquittoServer.StartAsync(TestContext.Current.CancellationToken);
        string[] settings =
        [
            "--Broker:Port", "0", "--Broker:Upstream:Servers:0", $"mqtt://127.0.0.1:{mosquitto.Port}",
            "--Broker:Upstream:Connections", "2", "--Broker:Upstream:ShareGroup", "artmqtt",
        ];
        var database = await server.CreateDatabaseAsync();
        var table = new PositionTable(database);
        await using var node = new NodeProcess(database);
        await node.StartAsync(settings);
        await Soon.TrueAsync("both connections", async () =>
            (await node.HealthAsync()).Contains("2 of 2 connections serve.", StringComparison.Ordinal));
        await using var fleet = await HonestFleet.StartAsync(node, devices: 4, mosquitto.Port);

        for (var kill = 1; kill <= 2; kill++)
        {
            await fleet.AcknowledgedMoreAsync(random.Next(1, 2_000));
            await node.KillAsync();
            node.Launch(settings);
        }

        await fleet.FinishAsync();
        await Soon.TrueAsync("all positions in the database", async () => await table.CountAsync() >= fleet.Acknowledged);
        output.WriteLine($"{fleet.Acknowledged} positions were acknowledged.");
        await fleet.AssertStoredAsync(table);
    }
}
