using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
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

        await AssertNothingLostAsync(fleet, node, database);
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

        await AssertNothingLostAsync(fleet, node, database);
    }

    [Fact]
    public async Task Killing_the_database_under_load_again_and_again_loses_and_doubles_nothing()
    {
        var random = StartRandom();
        await using var own = new TimescaleServer();
        var database = await own.CreateDatabaseAsync();
        await using var node = new NodeProcess(database);
        await node.StartAsync();
        await using var fleet = await HonestFleet.StartAsync(node, Devices);

        for (var kill = 1; kill <= 6; kill++)
        {
            await fleet.AcknowledgedMoreAsync(random.Next(1, 3_000));
            using var postmaster = Process.GetProcessById(own.ProcessId);
            postmaster.Kill();

            // Devices are served all the same.
            await fleet.AcknowledgedMoreAsync(random.Next(1, 500));
            await own.StartAsync();
        }

        await AssertNothingLostAsync(fleet, node, database);
    }

    [Fact]
    public async Task A_database_that_is_away_for_long_gets_everything_afterwards()
    {
        const int Away = 20_000;
        await using var own = new TimescaleServer();
        var database = await own.CreateDatabaseAsync();
        var table = new PositionTable(database);
        await using var node = new NodeProcess(database);
        await node.StartAsync();
        await using var fleet = await HonestFleet.StartAsync(node, Devices);
        await fleet.AcknowledgedMoreAsync(1_000);

        await own.StopAsync();
        await fleet.AcknowledgedMoreAsync(Away);
        var health = await node.HealthAsync();
        Assert.Contains("\"status\":\"degraded\"", health, StringComparison.Ordinal);
        Assert.Contains("records wait in the spool, nothing was stored for", health, StringComparison.Ordinal);
        var metrics = await node.MetricsAsync();
        Assert.Matches(@"artmqtt_ingest_failures_total\{[^}]*reason=""connection""[^}]*step=""store""", metrics);
        Assert.True(Value(metrics, "artmqtt_ingest_spool_waiting") > 0);
        Assert.True(Value(metrics, "artmqtt_ingest_write_age_seconds") > 0);

        await own.StartAsync();
        var before = await table.CountAsync();
        await fleet.FinishAsync();
        await node.DrainedAsync();
        output.WriteLine($"{fleet.Acknowledged} positions were acknowledged, {before} were stored right after.");
        await fleet.AssertStoredAsync(table);
    }

    [Fact]
    public async Task A_node_without_its_fleet_does_not_start_on_a_newer_schema_and_says_why()
    {
        var database = await server.CreateDatabaseAsync();
        await using (var node = new NodeProcess(database))
        {
            await node.StartAsync();
            await node.StopAsync();
        }

        await new PositionTable(database).ExecuteAsync(
            "INSERT INTO schema_migrations (version, name, checksum) VALUES (9999, 'from the future', 'x')");
        await using var older = new NodeProcess(database);
        var end = await older.RunAsync();

        Assert.NotEqual(0, end.ExitCode);
        Assert.Contains("The database is at schema version 9999", end.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", end.Error, StringComparison.Ordinal);
    }

    private static double Value(string metrics, string name) => double.Parse(
        Regex.Match(metrics, $@"^{name}(?:\{{[^}}]*\}})? (\S+)", RegexOptions.Multiline).Groups[1].Value,
        CultureInfo.InvariantCulture);

    // Any moment of the start will do, so this waits for no condition.
    private static async Task KillWhileStartingAsync(NodeProcess node, Random random)
    {
        await Task.Delay(
            TimeSpan.FromMilliseconds(random.Next(2_000)), TimeProvider.System, TestContext.Current.CancellationToken);
        await node.KillAsync();
        node.Launch();
    }

    private async Task AssertNothingLostAsync(HonestFleet fleet, NodeProcess node, string database)
    {
        await fleet.FinishAsync();
        await node.DrainedAsync();
        output.WriteLine($"{fleet.Acknowledged} positions were acknowledged.");
        await fleet.AssertStoredAsync(new PositionTable(database));
    }

    private Random StartRandom()
    {
        output.WriteLine($"Seed {_seed}");
        return new Random(_seed);
    }
}
