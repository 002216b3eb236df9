using System.Diagnostics;
using ArtMqtt.TestKit;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ArtMqtt.Ingest.Tests;

/// <summary>A server of its own, because these tests take it away.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private readonly TimescaleServer _server = new();
    private string _connectionString = "";

    public async ValueTask InitializeAsync() => _connectionString = await _server.CreateDatabaseAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Everything_is_stored_once_and_in_order_after_the_database_was_down()
    {
        await using var node = new IngestNode(_connectionString, new TestSpool());
        await node.StartAsync();
        node.Spool.Append(IngestNode.Publish(device: 1, from: 0));
        await node.StoredAsync(1);
        // Without its fleet a node is not degraded, but of no use.
        await node.HealthyAsync();

        await _server.StopAsync();
        for (var i = 1; i < 500; i++)
        {
            node.Spool.Append(IngestNode.Publish(device: 1, from: i));
        }

        await Eventually.TrueAsync(
            async () => await node.HealthAsync() == HealthStatus.Degraded, TestContext.Current.CancellationToken);
        Assert.Equal(1, node.Spool.Acknowledged);
        await _server.StartAsync();

        await node.StoredAsync(500);
        Assert.Equal((500L, 500L), await CountAsync(node));
        Assert.Equal(node.Spool.Acknowledgements.Order(), node.Spool.Acknowledgements);
        await Eventually.TrueAsync(
            async () => await node.HealthAsync() == HealthStatus.Healthy, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Starts_without_the_database_and_migrates_when_it_comes()
    {
        await _server.StopAsync();
        await using var node = new IngestNode(_connectionString, new TestSpool());
        node.Spool.Append(IngestNode.Publish(device: 1, from: 0));
        await node.StartAsync();

        await _server.StartAsync();

        await node.StoredAsync(1);
        Assert.Equal((1L, 1L), await CountAsync(node));
    }

    [Fact]
    public async Task Killing_the_database_under_load_loses_and_doubles_nothing()
    {
        const int Publishes = 60_000;
        const int PerPublish = 5;
        await using var node = new IngestNode(
            _connectionString, new TestSpool(),
            ("Ingest:Batch:MaxRecords", "1000"), ("Ingest:Batch:MaxPositions", "5000"));
        await node.StartAsync();
        for (var i = 0; i < Publishes; i++)
        {
            node.Spool.Append(IngestNode.Publish(device: i % 100, from: i / 100 * PerPublish, count: PerPublish));
        }

        foreach (var killAt in (long[])[5_000, 20_000, 40_000])
        {
            await node.StoredAsync(killAt);
            using var postmaster = Process.GetProcessById(_server.ProcessId);
            postmaster.Kill();
            Assert.True(node.Spool.Acknowledged < Publishes, "The load was over before the server was killed.");
            await _server.StartAsync();
        }

        await node.StoredAsync(Publishes);
        Assert.Equal((Publishes * PerPublish, Publishes * PerPublish), await CountAsync(node));
    }

    private static async Task<(long Rows, long Keys)> CountAsync(IngestNode node) => (
        await node.QueryAsync<long>("SELECT count(*) FROM positions"),
        await node.QueryAsync<long>("SELECT count(*) FROM (SELECT DISTINCT device_key, fix_time FROM positions) k"));
}
