using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Routes;
using Npgsql;

namespace ArtMqtt.Store.Tests;

public sealed class PositionWriterTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private static readonly DateTimeOffset _start = new(2026, 3, 1, 23, 59, 58, TimeSpan.Zero);
    private static int _keys = 1000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly int _device = Interlocked.Increment(ref _keys);

    [Fact]
    public async Task Writes_a_clean_batch_over_a_chunk_boundary()
    {
        var result = await database.WriteAsync([Publish(0, 3), Publish(3, 2)], Token);

        Assert.Equal((5, 0, 0), result);
        Assert.Equal(5, await CountAsync());
    }

    [Fact]
    public async Task Skips_a_redelivered_batch()
    {
        await database.WriteAsync([Publish(0, 4)], Token);

        var result = await database.WriteAsync([Publish(0, 4)], Token);

        Assert.Equal((0, 4, 0), result);
        Assert.Equal(4, await CountAsync());
    }

    [Fact]
    public async Task Writes_the_new_half_of_an_overlapping_batch()
    {
        await database.WriteAsync([Publish(0, 10)], Token);

        var result = await database.WriteAsync([Publish(5, 10)], Token);

        Assert.Equal((5, 5, 0), result);
        Assert.Equal(15, await CountAsync());
    }

    [Fact]
    public async Task Keeps_the_first_of_duplicates_inside_a_batch()
    {
        var first = Publish(0, 1, latitude: 1);
        var second = Publish(0, 2, latitude: 2);

        var result = await database.WriteAsync([first, second], Token);

        Assert.Equal((2, 1, 0), result);
        Assert.Equal(1, await database.QueryAsync<double>(
            $"SELECT lat FROM positions WHERE device_key = {_device} ORDER BY fix_time LIMIT 1"));
    }

    [Fact]
    public async Task Puts_positions_with_an_impossible_clock_apart()
    {
        var good = Publish(0, 2);
        var bad = good with
        {
            Positions =
            [
                new(new Position(1, 2, new DateTimeOffset(1980, 1, 6, 0, 0, 0, TimeSpan.Zero)), IsClockSuspect: true),
                new(new Position(1, 2, DateTimeOffset.MinValue), IsClockSuspect: true),
                new(new Position(1, 2, DateTimeOffset.MaxValue), IsClockSuspect: true),
            ],
        };
        var chunks = await ChunksAsync();

        Assert.Equal((2, 0, 3), await database.WriteAsync([bad, good], Token));
        Assert.Equal((0, 5, 0), await database.WriteAsync([good, bad], Token));

        Assert.Equal(2, await CountAsync());
        Assert.Equal(3L, await database.QueryAsync<long>(
            $"SELECT count(*) FROM suspect_positions WHERE device_key = {_device}"));
        Assert.True(await ChunksAsync() <= chunks + 2);
    }

    [Fact]
    public async Task Stores_every_value_to_the_bit()
    {
        var request = Guid.CreateVersion7();
        Position[] positions =
        [
            new(-33.900000000000006, 151.20930000000001, _start)
            {
                Speed = 0.1f, Heading = 359.99f, Accuracy = 1e-3f, Altitude = -430.5f, Battery = 100,
                Sequence = uint.MaxValue,
            },
            new(double.Epsilon, -180, _start.AddMilliseconds(1)),
            new(90, BitConverter.Int64BitsToDouble(0x4059_0123_4567_89AB), _start.AddMilliseconds(2)) { Battery = 0 },
        ];
        var received = new ReceivedPositions(
            _device, "d", PositionRole.Operator, request, _start.AddHours(1),
            [.. positions.Select(p => new ReceivedPosition(p, false))]);

        await database.WriteAsync([received], Token);

        var stored = await ReadAsync(database.Routes.ReadRequestAsync(request, PositionRole.Operator, null, null, 10, Token));
        Assert.Equal(positions, stored.Select(point => point.Position));
        Assert.All(stored, point => Assert.Equal((received.ReceivedAt, received.Role), (point.ReceivedAt, point.Role)));
        Assert.Equal(
            BitConverter.DoubleToInt64Bits(positions[2].Longitude),
            BitConverter.DoubleToInt64Bits(stored[2].Position.Longitude));
        var latest = await database.Routes.FindLatestAsync(request, PositionRole.Operator, Token);
        Assert.Equal(positions[2], latest?.Position);
        Assert.Null(await database.Routes.FindLatestAsync(request, PositionRole.Customer, Token));
    }

    [Fact]
    public async Task Reads_a_period_of_a_device_oldest_first_up_to_the_limit()
    {
        var name = $"truck-{_device}";
        var device = await database.Devices.CreateAsync(name, null, new byte[32], Token);
        await database.WriteAsync([Publish(5, 5) with { DeviceKey = device!.Key }], Token);
        await database.WriteAsync([Publish(0, 5) with { DeviceKey = device.Key }], Token);

        var period = await ReadAsync(
            database.Routes.ReadDeviceAsync(name, _start.AddSeconds(2), _start.AddSeconds(7), 4, Token));

        Assert.Equal([2, 3, 4, 5], period.Select(point => (point.Position.FixTime - _start).TotalSeconds));
    }

    [Fact]
    public async Task Refuses_a_batch_with_an_impossible_row_as_a_whole()
    {
        var refused = await Assert.ThrowsAnyAsync<NpgsqlException>(
            () => database.WriteAsync([Publish(0, 3), Publish(3, 1, latitude: 91)], Token));

        Assert.True(StoreErrors.IsPermanent(refused));
        Assert.False(StoreErrors.IsOutage(refused));
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task Writes_nothing_for_an_empty_batch() =>
        Assert.Equal((0, 0, 0), await database.WriteAsync([], Token));

    private static async Task<List<RoutePoint>> ReadAsync(IAsyncEnumerable<RoutePoint> points)
    {
        var list = new List<RoutePoint>();
        await foreach (var point in points)
        {
            list.Add(point);
        }

        return list;
    }

    private ReceivedPositions Publish(int from, int count, double latitude = 48.1) => new(
        _device, "truck", PositionRole.Device, null, _start,
        [.. Enumerable.Range(from, count)
            .Select(i => new ReceivedPosition(new Position(latitude, 11.5, _start.AddSeconds(i)), false))]);

    private async Task<int> CountAsync() => (int)await database.QueryAsync<long>(
        $"SELECT count(*) FROM positions WHERE device_key = {_device}");

    private async Task<int> ChunksAsync() =>
        (int)await database.QueryAsync<long>("SELECT count(*) FROM show_chunks('positions')");
}
