namespace ArtMqtt.Store.Tests;

/// <summary>The views that analysts read with SQL.</summary>
public sealed class ViewTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    // What came with an extension is its own affair.
    private const string Relations = """
        pg_class r WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm', 'p')
            AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = r.oid AND deptype = 'e')
        """;

    [Fact]
    public async Task Every_table_view_and_column_is_explained()
    {
        Assert.True(await database.QueryAsync<long>($"SELECT count(*) FROM {Relations}") > 15);
        Assert.Equal("", await database.QueryAsync<string>(
            $"SELECT coalesce(string_agg(relname, ', '), '') FROM {Relations} AND obj_description(r.oid, 'pg_class') IS NULL"));
        Assert.Equal("", await database.QueryAsync<string>($"""
            SELECT coalesce(string_agg(attrelid::regclass || '.' || attname, ', '), '') FROM pg_attribute
            WHERE attrelid IN (SELECT oid FROM {Relations}) AND attnum > 0 AND NOT attisdropped
                AND col_description(attrelid, attnum) IS NULL
            """));
    }

    [Fact]
    public async Task Devices_are_in_them_by_name_and_customers_are_not()
    {
        await FillAsync();
        Assert.Equal(1_000, await database.QueryAsync<long>("SELECT count(*) FROM routes WHERE device_id = 'truck'"));
        Assert.Equal(2_000, await database.QueryAsync<long>("SELECT count(*) FROM positions"));
        Assert.Equal(1_000, await database.QueryAsync<long>("SELECT count(*) FROM routes"));
        Assert.Equal("truck Nr. 1", await database.QueryAsync<string>("SELECT device_id || ' ' || name FROM latest_positions"));
    }

    [Theory]
    [InlineData("routes", "fix_time", "positions_key")]
    [InlineData("trips", "start_time", "device_trips_pkey")]
    [InlineData("stops", "start_time", "device_stops_pkey")]
    [InlineData("hours", "hour", "device_hours_key")]
    public async Task A_device_and_a_period_are_found_by_the_index(string view, string time, string index)
    {
        await FillAsync();
        var plan = await database.QueryAsync<string>($"""
            EXPLAIN (FORMAT JSON) SELECT * FROM {view}
            WHERE device_id = 'truck' AND {time} >= '2026-01-01 01:00Z' AND {time} < '2026-01-01 02:00Z'
            """);
        Assert.Contains(index, plan, StringComparison.Ordinal);
        Assert.Contains($"({time} >= ", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trips_stops_and_hours_say_when_where_and_how_long()
    {
        await FillAsync();
        Assert.Equal("60 300 true", await database.QueryAsync<string>("""
            SELECT duration_s || ' ' || distance_m || ' ' || is_open FROM trips
            WHERE device_id = 'truck' AND start_time = '2026-01-01 01:00Z'
            """));
        Assert.Equal("30 1 false", await database.QueryAsync<string>("""
            SELECT duration_s || ' ' || lat || ' ' || is_open FROM stops
            WHERE device_id = 'truck' AND start_time = '2026-01-01 01:00Z'
            """));
        Assert.Equal(60, await database.QueryAsync<long>("""
            SELECT sum(positions) FROM hours WHERE device_id = 'truck' AND hour = '2026-01-01 01:00Z'
            """));
        Assert.Equal(0, await database.QueryAsync<long>("SELECT count(*) FROM trips WHERE device_id IS DISTINCT FROM 'truck'"));
    }

    // A device, and a customer's phone, which has a key only.
    private async Task FillAsync()
    {
        await using var command = database.DataSource.CreateCommand("""
            INSERT INTO devices (device_key, device_id, name, secret_hash) VALUES (7, 'truck', 'Nr. 1', '\x00')
            ON CONFLICT DO NOTHING;
            INSERT INTO positions (device_key, fix_time, received_at, role, lat, lng)
            SELECT k, '2026-01-01'::timestamptz + i * interval '1 minute', now(), 0, 1, 1
            FROM generate_series(7, 8) k, generate_series(1, 1000) i ON CONFLICT DO NOTHING;
            INSERT INTO device_latest SELECT DISTINCT ON (device_key) * FROM positions ORDER BY device_key, fix_time DESC
            ON CONFLICT DO NOTHING;
            INSERT INTO device_trips (
                device_key, start_time, end_time, start_lat, start_lng, end_lat, end_lng, distance_m, moving_s, day)
            SELECT k, t, t + interval '1 minute', 1, 1, 1, 1, 300, 60,
                CASE WHEN extract(minute FROM t) > 0 THEN timestamptz '2026-01-01Z' END
            FROM generate_series(7, 8) k,
                generate_series('2026-01-01 00:01Z', '2026-01-01 16:40Z'::timestamptz, interval '1 minute') t
            ON CONFLICT DO NOTHING;
            INSERT INTO device_stops (device_key, start_time, end_time, lat, lng, day)
            SELECT device_key, start_time, end_time - interval '30 seconds', 1, 1, '2026-01-01Z' FROM device_trips
            ON CONFLICT DO NOTHING;
            INSERT INTO device_hours
            SELECT k, '2026-01-01'::timestamptz + i * interval '1 hour', 60, now(), now(), 1, 1, null, 1, 1, 1, 1
            FROM generate_series(7, 8) k, generate_series(1, 1000) i ON CONFLICT DO NOTHING;
            ANALYZE positions, device_trips, device_stops, device_hours
            """);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
