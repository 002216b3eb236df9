
namespace ArtMqtt.Store.Tests;

/// <summary>The tables of trips and stops, against the detector over the whole route.</summary>
public sealed class DeviceTripTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private static int _keys = 1_000;

    private readonly TripTables _tables = new(database, Interlocked.Increment(ref _keys));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Whatever_the_order_of_delivery_they_end_as_the_whole_route_says(int seed)
    {
        var random = new Random(seed);
        var drive = new Drive(seed);
        drive.GoForDays(4);
        // Most of it in order, some of it very late.
        var late = drive.Positions.Where(_ => random.Next(30) == 0).ToArray();
        random.Shuffle(late);
        var batches = drive.Positions.Except(late).Chunk(random.Next(100, 900))
            .SelectMany(chunk => random.Next(4) == 0 ? [.. chunk.Chunk(50).Reverse()] : new[] { chunk })
            .Concat(late.Chunk(1 + (late.Length / 12))).ToList();

        foreach (var batch in batches)
        {
            await _tables.WriteAsync(batch);
            if (random.Next(3) == 0)
            {
                await _tables.SumUpAsync();
            }

            if (random.Next(3) == 0)
            {
                await _tables.UpdateAsync();
            }
        }

        await _tables.SumUpAsync();
        await _tables.UpdateAsync();

        var expected = TripTables.Describe(drive.Detect()).ToList();
        Assert.True(expected.Count > 8);
        Assert.Equal(expected, await _tables.RowsAsync());
        Assert.Equal(0, await _tables.CountAsync("device_trips_due"));
    }
}
