using ArtMqtt.Store.LifeCycle;
using Npgsql;

namespace ArtMqtt.Store.Tests;

/// <summary>Chunks of the positions.</summary>
public sealed class ChunkTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ChunkRepository Chunks => new(database.DataSource);

    [Fact]
    public async Task Chunks_made_from_now_on_are_as_long_as_asked()
    {
        Assert.Equal(TimeSpan.FromDays(1), await Chunks.SetIntervalAsync(TimeSpan.FromHours(6), Token));
        Assert.Equal(TimeSpan.FromHours(6), await Chunks.SetIntervalAsync(TimeSpan.FromHours(6), Token));
        await using (var insert = database.DataSource.CreateCommand("""
            INSERT INTO positions (device_key, fix_time, received_at, role, lat, lng)
            SELECT 1, t, t, 0, 0, 0 FROM generate_series('2026-05-01Z'::timestamptz, '2026-05-01 23:00Z', '1 hour') t
            """))
        {
            await insert.ExecuteNonQueryAsync(Token);
        }

        Assert.Equal(4, await database.QueryAsync<long>(
            "SELECT count(*) FROM timescaledb_information.chunks WHERE hypertable_name = 'positions'"));
        await Chunks.SetIntervalAsync(TimeSpan.FromDays(1), Token);
    }

    [Fact]
    public async Task Says_whether_it_can_compress_and_does()
    {
        if (await Chunks.CanCompressAsync(Token))
        {
            await Chunks.CompressNextAsync(DateTimeOffset.UnixEpoch, Token);
            Assert.True(await database.QueryAsync<bool>(
                "SELECT compression_enabled FROM timescaledb_information.hypertables WHERE hypertable_name = 'positions'"));
        }
        else
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(
                () => Chunks.CompressNextAsync(DateTimeOffset.UnixEpoch, Token));
            Assert.Equal(PostgresErrorCodes.FeatureNotSupported, refused.SqlState);
        }
    }
}
