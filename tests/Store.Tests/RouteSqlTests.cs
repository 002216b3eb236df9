using ArtMqtt.Store.Routes;

namespace ArtMqtt.Store.Tests;

/// <summary>Rows of a route come in the order of an index: nothing is sorted, so the first row does not wait for the last.</summary>
public sealed class RouteSqlTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task The_route_of_a_device_is_not_sorted(bool isPage, bool isSample)
    {
        await FillAsync();
        var selection = new RouteSelection(DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, 10)
        {
            After = isPage ? new RouteCursor(DateTimeOffset.UnixEpoch.AddYears(55), 3) : null,
            Bucket = isSample ? TimeSpan.FromSeconds(60) : null,
        };
        await using var command = database.DataSource.CreateCommand($"EXPLAIN {RouteSql.OfDevice(selection)}");
        command.AddSelection(selection);
        command.Parameters.Add(new() { Value = "truck" });
        var plan = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            plan.Add(reader.GetString(0));
        }

        var text = string.Join('\n', plan);
        Assert.Contains("positions_key", text, StringComparison.Ordinal);
        // Day after day, each opened when the one before is read.
        Assert.True(text.Contains("Custom Scan (ChunkAppend)", StringComparison.Ordinal), text);
        Assert.False(text.Contains("Sort", StringComparison.Ordinal), text);
    }

    private async Task FillAsync()
    {
        await using var command = database.DataSource.CreateCommand("""
            INSERT INTO devices (device_id, secret_hash) VALUES ('truck', '\x00') ON CONFLICT DO NOTHING;
            INSERT INTO positions (device_key, fix_time, received_at, role, lat, lng)
            SELECT d, '2026-01-01'::timestamptz + i * interval '1 minute', now(), 0, 1, 1
            FROM generate_series(1, 5) d, generate_series(1, 4000) i ON CONFLICT DO NOTHING;
            ANALYZE positions
            """);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
