using ArtMqtt.Store.Schema;
using ArtMqtt.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ArtMqtt.Ingest.Tests;

/// <summary>A database whose schema is not that of the program.</summary>
public sealed class SchemaFaultTests(TimescaleServer server) : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private readonly DiskSpool _disk = new();
    private string _connectionString = "";
    private Administrator _master = null!;
    private Administrator _administrator = null!;

    public async ValueTask InitializeAsync()
    {
        _connectionString = await server.CreateDatabaseAsync();
        _master = new Administrator(server.ConnectionString);
        _administrator = new Administrator(_connectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await _disk.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(
        "INSERT INTO schema_migrations (version, name, checksum) VALUES (9999, 'from the future', 'x')",
        "DELETE FROM schema_migrations WHERE version = 9999", "The database is at schema version 9999")]
    [InlineData(
        "UPDATE schema_migrations SET checksum = checksum || '-' WHERE version = 2",
        "UPDATE schema_migrations SET checksum = rtrim(checksum, '-') WHERE version = 2", "Schema step 2 (")]
    public async Task A_node_that_knows_its_devices_starts_and_waits_for_the_right_schema(
        string change, string changeBack, string reason)
    {
        await using (var before = Node())
        {
            await before.StartAsync();
            await AppendAsync(0, 10);
            await before.StoredAsync(10);
            await before.HealthyAsync();
        }

        await _administrator.RunAsync(change);
        await using var node = Node();
        await node.StartAsync();
        await AppendAsync(10, 100);

        Assert.Contains("100 records wait", await node.DegradedAsync(reason), StringComparison.Ordinal);
        Assert.Equal(10, node.AnySpool.Acknowledged);
        Assert.Equal(10, (await _administrator.CountAsync()).Rows);

        await _administrator.RunAsync(changeBack);
        await node.StoredAsync(110);
        Assert.Equal((110L, 110L), await _administrator.CountAsync());
    }

    [Fact]
    public async Task An_empty_database_in_its_place_gets_the_schema_while_the_node_runs()
    {
        await using var node = Node();
        await node.StartAsync();
        await AppendAsync(0, 100);
        await node.StoredAsync(100);

        await ReplaceAsync();
        await AppendAsync(100, 100);

        await node.StoredAsync(200);
        Assert.Equal((100L, 100L), await _administrator.CountAsync());
        Assert.Equal(0, await _administrator.LettersAsync());
    }

    [Fact]
    public async Task An_older_backup_in_its_place_is_brought_up_to_date_while_the_node_runs()
    {
        await using var node = Node();
        await node.StartAsync();
        await AppendAsync(0, 100);
        await node.StoredAsync(100);

        await ReplaceAsync();
        await using (var dataSource = NpgsqlDataSource.Create(_administrator.ConnectionString))
        {
            var older = Migration.LoadEmbedded().Where(step => step.Version <= 4).ToList();
            await new SchemaMigrator(dataSource, NullLogger<SchemaMigrator>.Instance, older)
                .MigrateAsync(TestContext.Current.CancellationToken);
        }

        await AppendAsync(100, 100);

        await node.StoredAsync(200);
        Assert.Equal((100L, 100L), await _administrator.CountAsync());
        Assert.Equal(10, await _administrator.AskAsync<long>("SELECT count(*) FROM device_latest"));
    }

    // With the extension, as a backup of ours has it.
    private async Task ReplaceAsync()
    {
        var name = _administrator.Database;
        await _master.RunAsync($"CREATE DATABASE {name}_new");
        await new Administrator(
            new NpgsqlConnectionStringBuilder(_connectionString) { Database = $"{name}_new" }.ConnectionString)
            .RunAsync("CREATE EXTENSION IF NOT EXISTS timescaledb");
        await _master.RunAsync($"DROP DATABASE {name} WITH (FORCE)");
        await _master.TerminateAsync($"{name}_new");
        await _master.RunAsync($"ALTER DATABASE {name}_new RENAME TO {name}");
    }

    private IngestNode Node() => new(
        _connectionString, _disk.Spool, ("Store:FleetSnapshotFile", Path.Combine(_folder.Path, "fleet.json")));

    private Task AppendAsync(int from, int count) => _disk.AppendAsync(
        Enumerable.Range(from, count).Select(i => IngestNode.Publish(device: i % 10, from: i)));
}
