using System.Diagnostics;
using ArtMqtt.EndToEnd.Tests.Publishers;
using ArtMqtt.EndToEnd.Tests.Servers;
using ArtMqtt.TestKit;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>kill -9 under load: an acknowledged position is stored, once, whatever dies when.</summary>
public sealed class FaultTests(TimescaleServer server, ITestOutputHelper output)
{
    private const int Devices = 4;
    private readonly int _seed = Random.Shared.Next();

    [Fact]
    public async Task Killing_the_node_ten_times_loses_and_doubles_nothing()
    {
        var random = StartRandom();
        var database = await server.CreateDatabaseAsync();
        await using var node = new NodeProcess(database);
        await node.StartAsync();
        await using var fleet = await HonestFleet.StartAsync(node, Devices);

        for (var kill = 1; kill <= 10; kill++)
        {
            await fleet.AcknowledgedMoreAsync(random.Next(1, 2_000));
            await node.KillAsync();
            node.Launch();
            if (kill % 5 == 0)
            {
                await KillWhileStartingAsync(node, random);
            }
        }

        await fleet.FinishAsync();
        await node.DrainedAsync();
        output.WriteLine($"{fleet.Acknowledged} positions were acknowledged.");
        await fleet.AssertStoredAsync(new PositionTable(database));
    }

    [Fact]
    public async Task Killing_the_node_together_with_the_database_loses_and_doubles_nothing()
    {
        var random = StartRandom();
        await using var own = new TimescaleServer();
        var database = await own.CreateDatabaseAsync();
        await using var node = new NodeProcess(database);
        await node.StartAsync();
        await using var fleet = await HonestFleet.StartAsync(node, Devices);
        await node.KeptAsync(fleet.DeviceIds);

        for (var kill = 1; kill <= 3; kill++)
        {
            await fleet.AcknowledgedMoreAsync(random.Next(1, 5_000));
            using var postmaster = Process.GetProcessById(own.ProcessId);
            postmaster.Kill();
            await node.KillAsync();
            node.Launch();
            await fleet.AcknowledgedMoreAsync(random.Next(1, 2_000));
            await own.StartAsync();
        }

        await fleet.FinishAsync();
        await node.DrainedAsync();
        output.WriteLine($"{fleet.Acknowledged} positions were acknowledged.");
        await fleet.AssertStoredAsync(new PositionTable(database));
    }

    // Any moment of the start will do, so this waits for no condition.
    private static async Task KillWhileStartingAsync(NodeProcess node, Random random)
    {
        await Task.Delay(
            TimeSpan.FromMilliseconds(random.Next(2_000)), TimeProvider.System, TestContext.Current.CancellationToken);
        await node.KillAsync();
        node.Launch();
    }

    private Random StartRandom()
    {
        output.WriteLine($"Seed {_seed}");
        return new Random(_seed);
    }
}
