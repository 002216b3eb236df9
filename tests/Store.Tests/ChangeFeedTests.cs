using System.Threading.Channels;
using ArtMqtt.Store.Changes;
using ArtMqtt.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace ArtMqtt.Store.Tests;

/// <summary>Row changes from a server of its own, whose settings these tests change.</summary>
public sealed class ChangeFeedTests : IAsyncLifetime
{
    private readonly TimescaleServer _server = new();
    private string _connectionString = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _connectionString = await _server.CreateDatabaseAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Values_are_told_in_their_published_form()
    {
        // As far from our own settings as the database may be.
        await ExecuteAsync(
            """
            DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET timezone = ''Asia/Kolkata''', current_database());
            EXECUTE format('ALTER DATABASE %I SET datestyle = ''German, DMY''', current_database());
            EXECUTE format('ALTER DATABASE %I SET extra_float_digits = -5', current_database()); END $$
            """);
        await using var feed = await StartAsync(_connectionString);
        Assert.Equal("begin", await feed.NextAsync());

        await ExecuteAsync(
            """
            INSERT INTO devices (device_id, name, secret_hash, created_at) VALUES ('van-1', 'Näme', '', '2026-01-02T03:04:05.678Z');
            INSERT INTO service_requests (request_id, status, device_key, pickup_lat, pickup_lng, customer_token_hash, created_at, updated_at)
            SELECT '0190a0a0-0000-7000-8000-00000000000a', 'assigned', device_key, 48.123456789012, -0.0000001, '',
                '2026-07-01T00:00:00Z', '2026-07-01T00:00:00.000001Z' FROM devices;
            DELETE FROM service_requests;
            """);

        Assert.Equal("Insert devices van-1|Näme|true|2026-01-02T03:04:05.678+00:00|", await feed.NextAsync());
        const string Row = "0190a0a0-0000-7000-8000-00000000000a|assigned|van-1|48.123456789012|-1e-07|-|-"
            + "|2026-07-01T00:00:00+00:00|2026-07-01T00:00:00.000001+00:00|1||-";
        Assert.Equal($"Insert service_requests {Row}", await feed.NextAsync());
        Assert.Equal($"Delete service_requests {Row}", await feed.NextAsync());
    }

    [Fact]
    public async Task Devices_from_before_are_named_and_other_tables_are_not_told()
    {
        await using (var first = await StartAsync(_connectionString))
        {
            await first.NextAsync();
        }

        await ExecuteAsync("INSERT INTO devices (device_id, secret_hash) VALUES ('old-1', '')");
        await using var feed = await StartAsync(_connectionString);
        await feed.NextAsync();

        await ExecuteAsync(
            """
            CREATE TABLE elsewhere (id integer PRIMARY KEY);
            INSERT INTO elsewhere VALUES (1);
            INSERT INTO erasures (kind, subject, position_key, by) VALUES ('device', 'x', 1, 'test');
            INSERT INTO service_requests (request_id, status, device_key, pickup_lat, pickup_lng, customer_token_hash)
            SELECT gen_random_uuid(), 'assigned', device_key, 1, 2, '' FROM devices;
            """);

        Assert.Contains("|assigned|old-1|1|2|", await feed.NextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_consumer_that_lags_too_far_behind_is_cut_off_and_told_of_the_gap()
    {
        await ExecuteAsync("ALTER SYSTEM SET max_slot_wal_keep_size = '16MB'");
        await ExecuteAsync("SELECT pg_reload_conf()");
        await using var feed = await StartAsync(_connectionString);
        await feed.NextAsync();
        using var release = feed.Block();
        await AddDeviceAsync("blocks");
        await feed.Blocked.WaitAsync(Token);

        // The log that is written meanwhile may not be kept for it for ever.
        await Eventually.TrueAsync(
            async () =>
            {
                await ExecuteAsync("SELECT pg_switch_wal()");
                await AddDeviceAsync($"more-{Guid.NewGuid():N}");
                await ExecuteAsync("CHECKPOINT");
                return await QueryAsync<long>("SELECT count(*) FROM pg_replication_slots WHERE active_pid IS NOT NULL") == 0;
            },
            Token);
        release.Set();

        while (await feed.NextAsync() != "interrupt")
        {
            // What had come before it was cut off.
        }

        Assert.Equal("begin", await feed.NextAsync());
        await AddDeviceAsync("after");
        Assert.StartsWith("Insert devices after|", await feed.NextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Positions_do_not_pile_up_as_log_while_no_row_changes()
    {
        await using var feed = await StartAsync(_connectionString);
        await feed.NextAsync();

        await ExecuteAsync("CREATE TABLE positions_like AS SELECT generate_series(1, 100000) AS n");
        var written = await QueryAsync<string>("SELECT pg_current_wal_lsn()::text");

        await Eventually.TrueAsync(
            () => QueryAsync<bool>($"SELECT confirmed_flush_lsn >= '{written}'::pg_lsn FROM pg_replication_slots"), Token);
    }

    [Fact]
    public async Task Without_logical_replication_it_is_off_and_says_so_once()
    {
        await ExecuteAsync("ALTER SYSTEM SET wal_level = replica");
        await _server.StopAsync();
        await _server.StartAsync();
        await using var feed = await StartAsync(_connectionString);

        Assert.Equal("off", await feed.NextAsync());
        var health = await feed.HealthAsync();
        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.Equal("Row changes are off: the database has wal_level = replica; it needs logical.", health.Description);
    }

    [Fact]
    public async Task A_role_that_may_not_replicate_has_all_else()
    {
        await ExecuteAsync(
            "CREATE ROLE plain LOGIN PASSWORD 'p'; DO $$ BEGIN EXECUTE format('ALTER DATABASE %I OWNER TO plain', current_database()); END $$");
        var plain = new NpgsqlConnectionStringBuilder(_connectionString) { Username = "plain", Password = "p" };
        await using var feed = await StartAsync(plain.ConnectionString);

        Assert.Equal("off", await feed.NextAsync());
        Assert.Contains("The role needs REPLICATION", (await feed.HealthAsync()).Description, StringComparison.Ordinal);
        // The publication is there, so that the right is all that is missing.
        await ExecuteAsync("ALTER ROLE plain REPLICATION");
        await using var again = await StartAsync(plain.ConnectionString);
        Assert.Equal("begin", await again.NextAsync());
        await AddDeviceAsync("van-2");
        Assert.StartsWith("Insert devices van-2|", await again.NextAsync(), StringComparison.Ordinal);
    }

    private static async Task<Feed> StartAsync(string connectionString)
    {
        var feed = new Feed(connectionString);
        await feed.StartAsync();
        return feed;
    }

    private Task AddDeviceAsync(string deviceId) =>
        ExecuteAsync($"INSERT INTO devices (device_id, secret_hash) VALUES ('{deviceId}', '')");

    private async Task ExecuteAsync(string sql) => await QueryAsync<object?>(sql);

    private async Task<T> QueryAsync<T>(string sql)
    {
        await using var dataSource = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(_connectionString) { Pooling = false }.ConnectionString);
        await using var command = dataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Token))!;
    }

    /// <summary>A host with the feed, and what it tells, as lines.</summary>
    private sealed class Feed : IChangeConsumer, IAsyncDisposable
    {
        private readonly Channel<string> _told = Channel.CreateUnbounded<string>();
        private readonly TaskCompletionSource _blocked = new();
        private readonly IHost _host;
        private ManualResetEventSlim? _block;
        private string? _last;

        public Feed(string connectionString)
        {
            var builder = Host.CreateEmptyApplicationBuilder(null);
            builder.Configuration["ConnectionStrings:Timescale"] = connectionString;
            builder.Services.AddStore();
            builder.Services.AddSingleton<IChangeConsumer>(this);
            builder.Services.AddChangeFeed();
            _host = builder.Build();
        }

        public Task Wanted => Task.CompletedTask;

        public Task Blocked => _blocked.Task;

        public Task StartAsync() => _host.StartAsync(Token);

        public async Task<string> NextAsync() => await _told.Reader.ReadAsync(Token);

        /// <summary>Lets the next change wait until the event is set.</summary>
        public ManualResetEventSlim Block() => _block = new ManualResetEventSlim();

        public async Task<HealthReportEntry> HealthAsync() =>
            (await _host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Token)).Entries["changes"];

        public void Begin() => Tell("begin");

        public void Change(RowChange change)
        {
            Tell($"{change.Kind} {change.Table.Name} {string.Join('|', change.Row.Select(value => value ?? "-"))}");
            if (_block is { IsSet: false } block)
            {
                _blocked.TrySetResult();
                block.Wait(CancellationToken.None);
            }
        }

        public void Interrupt(bool isOff) => Tell(isOff ? "off" : "interrupt");

        public async ValueTask DisposeAsync()
        {
            _block?.Dispose();
            await _host.StopAsync(CancellationToken.None);
            _host.Dispose();
        }

        // Several failed attempts are one interruption.
        private void Tell(string line)
        {
            if (line != _last || line is not ("interrupt" or "off"))
            {
                _told.Writer.TryWrite(line);
            }

            _last = line;
        }
    }
}
