using ArtMqtt.TestKit;
using Npgsql;

namespace ArtMqtt.Ingest.Tests;

/// <summary>The database's disk is full.</summary>
public sealed class DiskFullTests(TimescaleServer server) : IAsyncLifetime
{
    private const int PerPublish = 100;
    private readonly SmallDisk _small = new();
    private readonly DiskSpool _disk = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _disk.DisposeAsync();
        await _small.DisposeAsync();
    }

    [Fact]
    public async Task Without_room_for_the_table_everything_waits_and_health_says_so()
    {
        await MountAsync(megabytes: 64);
        await server.CreateDatabaseAsync();
        var master = new Administrator(server.ConnectionString);
        await master.RunAsync($"CREATE TABLESPACE small LOCATION '{await TablespaceAsync(master)}'");
        await master.RunAsync("CREATE DATABASE on_small_disk TABLESPACE small");
        try
        {
            var connectionString = new NpgsqlConnectionStringBuilder(server.ConnectionString)
            {
                Database = "on_small_disk",
            }.ConnectionString;
            await using (var node = new IngestNode(connectionString, _disk.Spool))
            {
                await node.StartAsync();
                await AppendAsync(0, 10);
                await node.StoredAsync(10);
                _small.Fill(leave: 0);

                await AppendAsync(10, 1_000);
                await node.DegradedAsync("the disk of the database is full (53100");
                Assert.NotEmpty(node.Measured.Of("artmqtt.ingest.failures", "reason=53100"));
                _small.Free();

                await node.StoredAsync(1_010);
                var administrator = new Administrator(connectionString);
                Assert.Equal((1_010 * PerPublish, 1_010 * PerPublish), await administrator.CountAsync());
                Assert.Equal(0, await administrator.LettersAsync());
                await node.HealthyAsync();
            }
        }
        finally
        {
            await master.RunAsync("DROP DATABASE on_small_disk WITH (FORCE)");
            await master.RunAsync("DROP TABLESPACE small");
        }
    }

    [Fact]
    public async Task A_server_that_panics_without_room_for_its_log_loses_and_doubles_nothing()
    {
        await MountAsync(megabytes: 160);
        await using var own = new TimescaleServer { DataFolder = Path.Combine(_small.Path, "data") };
        var connectionString = await own.CreateDatabaseAsync();
        await using var node = new IngestNode(connectionString, _disk.Spool);
        await node.StartAsync();
        await AppendAsync(0, 100);
        await node.StoredAsync(100);

        // The next segment of the log does not fit.
        _small.Fill(leave: 1 << 20);
        await AppendAsync(100, 1_500);
        await node.DegradedAsync("records wait in the spool");
        Assert.Contains("No space left on device", own.Log, StringComparison.Ordinal);

        _small.Free();
        await own.StartAsync();
        await node.StoredAsync(1_600);
        var administrator = new Administrator(connectionString);
        Assert.Equal((1_600 * PerPublish, 1_600 * PerPublish), await administrator.CountAsync());
        Assert.Equal(0, await administrator.LettersAsync());
    }

    private async Task MountAsync(int megabytes)
    {
        var reason = await _small.TryMountAsync(megabytes);
        Assert.SkipWhen(reason is not null, reason ?? "");
    }

    // A folder of the server's user, which the server itself can make: on a disk where everybody may.
    private async Task<string> TablespaceAsync(Administrator master)
    {
        var folder = Path.Combine(_small.Path, "space");
        await master.RunAsync($"COPY (SELECT 1) TO PROGRAM 'mkdir -m 700 {folder}'");
        return folder;
    }

    private Task AppendAsync(int from, int count) => _disk.AppendAsync(Enumerable.Range(from, count)
        .Select(i => IngestNode.Publish(device: i % 10, from: i / 10 * PerPublish, count: PerPublish)));
}
