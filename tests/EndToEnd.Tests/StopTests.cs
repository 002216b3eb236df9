using ArtMqtt.EndToEnd.Tests.Publishers;
using ArtMqtt.EndToEnd.Tests.Servers;
using ArtMqtt.TestKit;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>Graceful ends, and roles that are started one after the other.</summary>
public sealed class StopTests(TimescaleServer server)
{
    [Fact]
    public async Task Sigterm_under_load_ends_with_0_and_everything_acknowledged_is_stored()
    {
        var database = await server.CreateDatabaseAsync();
        await using var node = new NodeProcess(database);
        await node.StartAsync();
        await using var fleet = await HonestFleet.StartAsync(node, devices: 4);
        await fleet.AcknowledgedMoreAsync(3_000);

        var exitCode = await node.StopAsync();
        await fleet.AbortAsync();

        Assert.True(exitCode == 0, $"Exit code {exitCode}:\n{node.Log}");
        await fleet.AssertStoredAsync(new PositionTable(database));
    }

    [Fact]
    public async Task Ingest_stores_what_a_broker_without_ingest_left_in_the_spool()
    {
        var database = await server.CreateDatabaseAsync();
        var table = new PositionTable(database);
        await using var node = new NodeProcess(database);
        await node.StartAsync();
        await using var fleet = await HonestFleet.StartAsync(node, devices: 2);
        await fleet.AcknowledgedMoreAsync(1);
        await node.StopAsync();
        var before = await table.CountAsync();

        await node.StartAsync("--roles", "broker");
        await fleet.AcknowledgedMoreAsync(1_000);
        await fleet.FinishAsync();
        Assert.Equal(0, await node.StopAsync());
        Assert.Equal(before, await table.CountAsync());

        await node.StartAsync("--roles", "ingest");
        await node.DrainedAsync();
        await fleet.AssertStoredAsync(table);
    }
}
