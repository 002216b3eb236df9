namespace ArtMqtt.Store.Tests;

/// <summary>The views that analysts read with SQL.</summary>
public sealed class ViewTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Theory]
    [InlineData("routes")]
    [InlineData("latest_positions")]
    public async Task Every_column_is_explained(string view)
    {
        var columns = $"pg_attribute WHERE attrelid = '{view}'::regclass AND attnum > 0";
        Assert.True(await database.QueryAsync<long>($"SELECT count(*) FROM {columns}") > 10);
        Assert.Equal(0, await database.QueryAsync<long>(
            $"SELECT count(*) FROM {columns} AND col_description(attrelid, attnum) IS NULL"));
        Assert.NotEqual("", await database.QueryAsync<string>($"SELECT obj_description('{view}'::regclass)"));
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

    [Fact]
    public async Task A_route_is_found_by_the_index()
    {
        await FillAsync();
        var plan = await database.QueryAsync<string>("""
            EXPLAIN (FORMAT JSON) SELECT * FROM routes
            WHERE device_id = 'truck' AND fix_time >= '2026-01-01 01:00Z' AND fix_time < '2026-01-01 02:00Z'
            """);
        Assert.Contains("positions_key", plan, StringComparison.Ordinal);
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
            ANALYZE positions
            """);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
