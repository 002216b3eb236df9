using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Store.Tests;

/// <summary>How large the database is, for those who run it.</summary>
public sealed class StoreNumbersReaderTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private const string Slot = "store_numbers_test";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_written_is_counted()
    {
        var reader = new StoreNumbersReader(database.DataSource);
        var before = await reader.ReadAsync(Token);
        Assert.InRange(before.Bytes, 1 << 20, 1L << 40);
        Assert.Equal((0, 0), (before.Chunks, before.DeadLetters));

        var device = await database.Devices.CreateAsync("van-1", null, new byte[] { 1 }, Token);
        foreach (var day in new[] { 1, 2, 2 })
        {
            await database.WriteAsync(
                [new ReceivedPositions(device!.Key, "van-1", PositionRole.Device, null, At(day), [new ReceivedPosition(
                    new Position(48.1, 11.5, At(day)), false)])],
                Token);
        }

        await database.DeadLetters(1_000).WriteAsync(
            [new RejectedPayload("van-1", "", At(1), "position_malformed", "Not JSON.", new byte[1])], Token);

        var after = await reader.ReadAsync(Token);
        Assert.Equal((2, 1), (after.Chunks, after.DeadLetters));
        Assert.True(after.Bytes > before.Bytes);
    }

    [Fact]
    public async Task Row_changes_wait_only_where_somebody_reads_them()
    {
        var reader = new StoreNumbersReader(database.DataSource);
        await database.Devices.CreateAsync("van-2", null, new byte[] { 1 }, Token);
        Assert.Equal(0, (await reader.ReadAsync(Token)).ChangeFeedBytes);

        await database.QueryAsync<string>($"SELECT slot_name::text FROM pg_create_logical_replication_slot('{Slot}', 'pgoutput')");
        try
        {
            await database.Devices.CreateAsync("van-3", null, new byte[] { 1 }, Token);
            Assert.InRange((await reader.ReadAsync(Token)).ChangeFeedBytes, 1, long.MaxValue);
        }
        finally
        {
            await database.QueryAsync<bool>($"SELECT pg_drop_replication_slot('{Slot}') IS NOT NULL");
        }

        Assert.Equal(0, (await reader.ReadAsync(Token)).ChangeFeedBytes);
    }

    private static DateTimeOffset At(int day) => new(2026, 3, day, 12, 0, 0, TimeSpan.Zero);
}
