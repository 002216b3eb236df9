using ArtMqtt.Store.Rollups;
using ArtMqtt.Store.Schema;
using ArtMqtt.Store.Trips;
using ArtMqtt.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ArtMqtt.Store.Tests;

public sealed class SchemaMigratorTests(TimescaleServer server) : IAsyncLifetime
{
    private static readonly Migration _first = new(1, "first", "CREATE TABLE one (id integer)");
    private static readonly Migration _second = new(2, "second", "CREATE TABLE two (id integer)");
    private NpgsqlDataSource _dataSource = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _dataSource = NpgsqlDataSource.Create(await server.CreateDatabaseAsync());

    public ValueTask DisposeAsync() => _dataSource.DisposeAsync();

    [Fact]
    public async Task Many_nodes_starting_at_once_apply_each_step_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Migrator(Migration.LoadEmbedded()).MigrateAsync(Token)));

        Assert.Equal(
            string.Join(',', Migration.LoadEmbedded().Select(step => step.Version)),
            await ScalarAsync<string>("SELECT string_agg(version::text, ',' ORDER BY version) FROM schema_migrations"));
        Assert.Equal("device_hours,live_events,positions", await ScalarAsync<string>(
            "SELECT string_agg(hypertable_name, ',' ORDER BY hypertable_name) FROM timescaledb_information.hypertables"));
    }

    [Fact]
    public async Task Applies_only_what_is_missing()
    {
        await Migrator(_first).MigrateAsync(Token);
        await Migrator(_first, _second).MigrateAsync(Token);
        await Migrator(_first, _second).MigrateAsync(Token);

        Assert.Equal(2L, await ScalarAsync<long>("SELECT count(*) FROM schema_migrations"));
    }

    [Fact]
    public async Task Stops_at_a_database_that_is_newer()
    {
        await Migrator(_first, _second).MigrateAsync(Token);

        var refused = await Assert.ThrowsAsync<SchemaException>(() => Migrator(_first).MigrateAsync(Token));

        Assert.Contains("version 2, this program knows versions up to 1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stops_at_a_step_that_was_edited()
    {
        await Migrator(_first).MigrateAsync(Token);

        var refused = await Assert.ThrowsAsync<SchemaException>(
            () => Migrator(_first with { Sql = "CREATE TABLE other (id integer)" }).MigrateAsync(Token));

        Assert.Contains("step 1 (first)", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failing_step_leaves_nothing_behind()
    {
        var broken = _second with { Sql = "CREATE TABLE half (id integer); SELECT 1 / 0" };

        await Assert.ThrowsAsync<PostgresException>(() => Migrator(_first, broken).MigrateAsync(Token));

        Assert.True(await ScalarAsync<bool>("SELECT to_regclass('half') IS NULL AND to_regclass('one') IS NOT NULL"));
        await Migrator(_first, _second).MigrateAsync(Token);
        Assert.Equal(2L, await ScalarAsync<long>("SELECT count(*) FROM schema_migrations"));
    }

    [Fact]
    public async Task Learns_from_the_events_since_when_devices_are_assigned()
    {
        await Migrator([.. Migration.LoadEmbedded().Where(step => step.Version < 3)]).MigrateAsync(Token);
        await ScalarAsync<string>("""
            INSERT INTO devices (device_key, device_id, secret_hash) VALUES (1, 'a', ''), (2, 'b', '');
            INSERT INTO service_requests (request_id, status, device_key, pickup_lat, pickup_lng, customer_token_hash)
            VALUES ('00000000-0000-0000-0000-000000000001', 'en_route', 1, 0, 0, ''),
                ('00000000-0000-0000-0000-000000000002', 'pending', null, 0, 0, '');
            INSERT INTO request_events (request_id, version, to_status, device_key, at, by)
            SELECT '00000000-0000-0000-0000-000000000001', version, status, device, timestamptz '2026-01-01Z' + version * interval '1h', 'x'
            FROM (VALUES (1, 'pending', null), (2, 'assigned', 1), (3, 'assigned', 2), (4, 'assigned', 1),
                (5, 'en_route', 1)) AS events (version, status, device);
            SELECT 'done'
            """);

        await Migrator(Migration.LoadEmbedded()).MigrateAsync(Token);

        Assert.Equal("2026-01-01 04:00:00,-", await ScalarAsync<string>("""
            SELECT string_agg(coalesce((assigned_at AT TIME ZONE 'GMT')::text, '-'), ',' ORDER BY request_id)
            FROM service_requests
            """));
    }

    [Fact]
    public async Task What_was_summed_up_before_trips_were_stored_gets_its_trips()
    {
        await Migrator([.. Migration.LoadEmbedded().Where(step => step.Version < 8)]).MigrateAsync(Token);
        await ScalarAsync<string>("""
            INSERT INTO positions (device_key, fix_time, received_at, role, lat, lng)
            SELECT 1, '2026-01-01 10:00Z'::timestamptz + i * interval '1 second', now(), 0,
                48 + least(i, 3000) / 10000.0, 11 FROM generate_series(0, 5000) i;
            INSERT INTO device_hours_due VALUES (1, '2026-01-01 10:00Z');
            INSERT INTO device_hours VALUES (1, '2026-01-01 11:00Z', 1401, now(), now(), 0, 0, null, 0, 0, 0, 0);
            SELECT 'done'
            """);

        await Migrator(Migration.LoadEmbedded()).MigrateAsync(Token);
        await new DeviceHourRepository(_dataSource).SumUpAsync(TimeProvider.System.GetUtcNow(), 10, Token);
        Assert.True(await new DeviceTripRepository(_dataSource).UpdateNextAsync(Token));

        Assert.Equal("50 min, stood 33 min", await ScalarAsync<string>("""
            SELECT (SELECT round(extract(epoch FROM end_time - start_time) / 60) FROM device_trips WHERE device_key = 1)
                || ' min, stood '
                || (SELECT round(extract(epoch FROM end_time - start_time) / 60) FROM device_stops WHERE device_key = 1) || ' min'
            """));
    }

    private SchemaMigrator Migrator(params IReadOnlyList<Migration> migrations) =>
        new(_dataSource, NullLogger<SchemaMigrator>.Instance, migrations);

    private async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = _dataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Token))!;
    }
}
