using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.LifeCycle;
using ArtMqtt.Store.Rollups;
using ArtMqtt.Store.Speeds;

namespace ArtMqtt.Store.Tests;

/// <summary>What the fleet learns of its drives stays right, whatever comes late or goes.</summary>
public sealed class SpeedCellTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private const double Metres = 110_574.3;

    // A Sunday.
    private static readonly DateTimeOffset _hour = new(2026, 3, 1, 10, 0, 0, TimeSpan.Zero);
    private static int _places;

    // Every test drives somewhere else.
    private readonly double _south = 0.2 * Interlocked.Increment(ref _places);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private SpeedReader Speeds => new(database.DataSource);

    [Fact]
    public async Task Drives_are_summed_up_by_place_and_hour_of_the_week()
    {
        var (one, other) = (await DeviceAsync(), await DeviceAsync());
        await DriveAsync(one, minute: 5, metresPerSecond: 10);
        await DriveAsync(other, minute: 65, metresPerSecond: 5);
        await SumUpAsync();

        var block = await BlockAsync(_hour);
        Assert.Equal(2 * 1_990, block.AnyHour.Distance, tolerance: 60);
        Assert.Equal((0.1, 0.15), (Math.Round(block.ThisHour.Pace, 2), Math.Round(block.AnyHour.Pace, 2)));
        Assert.Equal(0.2, (await BlockAsync(_hour.AddHours(1))).ThisHour.Pace, tolerance: 0.001);
        Assert.Equal(block.ThisHour, (await BlockAsync(_hour.AddDays(21))).ThisHour);
        var cell = SpeedGrid.CellOf(_south + (1_000 / Metres), 11.5);
        Assert.Equal((2, 1), (block.CellAnyHour(cell).Traversals, block.CellThisHour(cell).Traversals));
    }

    [Fact]
    public async Task A_late_position_changes_them_to_what_they_would_be_had_it_come_in_time()
    {
        var device = await DeviceAsync();
        var drive = Drive(minute: 5, metresPerSecond: 8).ToArray();
        await WriteAsync(device, [.. drive.Where((_, i) => i % 30 != 7 && i < 200)]);
        await SumUpAsync();
        var before = (await BlockAsync(_hour)).AnyHour;

        await WriteAsync(device, [.. drive.Where((_, i) => i % 30 == 7 || i >= 200)]);
        await SumUpAsync();
        var after = (await BlockAsync(_hour)).AnyHour;

        // Once more, which changes nothing; and what one drive that came in time leaves behind.
        await WriteAsync(device, drive);
        await MakeAllDueAsync(device);
        await SumUpAsync();
        Assert.NotEqual(before, after);
        AssertSame(after, (await BlockAsync(_hour)).AnyHour);
        var expected = new CellSums();
        var legs = new LegBuilder();
        foreach (var position in drive)
        {
            if (legs.TryAdd(position, out var leg))
            {
                expected.Add(leg);
            }
        }

        AssertSame(expected.Finish().Values.Aggregate((a, b) => a + b), after);
    }

    [Fact]
    public async Task Many_at_once_learn_everything_once()
    {
        for (var i = 0; i < 12; i++)
        {
            await DriveAsync(await DeviceAsync(), minute: (i * 60) + 5, metresPerSecond: 10);
        }

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SumUpAsync()));

        var sum = (await BlockAsync(_hour)).AnyHour;
        Assert.Equal(12 * 1_990, sum.Distance, tolerance: 12 * 60);
        Assert.Equal(0.1, sum.Pace, tolerance: 0.001);
    }

    [Fact]
    public async Task What_is_erased_is_taken_away_again()
    {
        var (stays, goes) = (await DeviceAsync(), await DeviceAsync());
        await DriveAsync(stays, minute: 5, metresPerSecond: 10);
        await SumUpAsync();
        var before = (await BlockAsync(_hour)).AnyHour;
        await DriveAsync(goes, minute: 5, metresPerSecond: 5);
        await DriveAsync(goes, minute: 125, metresPerSecond: 5);
        await SumUpAsync();
        Assert.Equal(3 * before.Distance, (await BlockAsync(_hour)).AnyHour.Distance, tolerance: 120);

        await new ErasureRepository(database.DataSource).EraseDeviceAsync(goes.Id, "test", Token);
        await SumUpAsync();

        AssertSame(before, (await BlockAsync(_hour)).AnyHour);
    }

    [Fact]
    public async Task Trips_say_how_much_longer_than_the_straight_line_ways_are()
    {
        var device = await DeviceAsync();
        await using var command = database.DataSource.CreateCommand($"""
            INSERT INTO device_trips (device_key, start_time, end_time, start_lat, start_lng, end_lat, end_lng, distance_m, moving_s, day)
            SELECT {device.Key}, t, t + interval '400 seconds', 48, 11, 48.027, 11, 3002.2 * (1.2 + i * 0.01), 300, date_trunc('day', t, 'GMT')
            FROM (SELECT i, '2026-01-05 00:00Z'::timestamptz + i * interval '1 hour' AS t FROM generate_series(0, 20) i) trips;
            -- Back where it came from.
            INSERT INTO device_trips VALUES ({device.Key}, '2026-01-06 12:30Z', '2026-01-06 13:00Z', 48, 11, 48.0271, 11, 20000, 300, null, null, '2026-01-06 00:00Z')
            """);
        await command.ExecuteNonQueryAsync(Token);

        var ways = await Speeds.ReadTripsAsync(new DateTimeOffset(2026, 1, 10, 0, 0, 0, TimeSpan.Zero), Token);

        var trips = ways.Find(3_000)!;
        Assert.Equal(21, trips.Trips);
        Assert.Equal((1.22, 1.3, 1.38), (Math.Round(trips.LowDetour, 2), Math.Round(trips.Detour, 2), Math.Round(trips.HighDetour, 2)));
        Assert.Equal(400 / (3_002.2 * 1.3), trips.Pace, tolerance: 0.001);
        Assert.Null(ways.Find(30_000));
        Assert.Null((await Speeds.ReadTripsAsync(DateTimeOffset.UnixEpoch, Token)).Find(3_000));
    }

    private static void AssertSame(PaceSum expected, PaceSum actual)
    {
        Assert.Equal(expected.Traversals, actual.Traversals);
        Assert.Equal(expected.Distance, actual.Distance, tolerance: 0.01);
        Assert.Equal(expected.Seconds, actual.Seconds, tolerance: 0.01);
        Assert.Equal(expected.Square, actual.Square, tolerance: 0.01);
    }

    private async Task<(int Key, string Id)> DeviceAsync()
    {
        var id = $"van-{Guid.NewGuid():N}";
        return ((await database.Devices.CreateAsync(id, null, new byte[32], Token))!.Key, id);
    }

    // Two kilometres to the north.
    private IEnumerable<Position> Drive(int minute, double metresPerSecond) => Enumerable
        .Range(0, 1 + (int)(2_000 / metresPerSecond))
        .Select(second => new Position(
            _south + (second * metresPerSecond / Metres), 11.5, _hour.AddMinutes(minute).AddSeconds(second)));

    private Task DriveAsync((int Key, string Id) device, int minute, double metresPerSecond) =>
        WriteAsync(device, [.. Drive(minute, metresPerSecond)]);

    private async Task WriteAsync((int Key, string Id) device, Position[] positions) => await database.WriteAsync(
        [new ReceivedPositions(device.Key, device.Id, PositionRole.Device, null, _hour, [.. positions.Select(
            position => new ReceivedPosition(position, false))])], Token);

    private async Task MakeAllDueAsync((int Key, string Id) device)
    {
        await using var command = database.DataSource.CreateCommand(
            $"INSERT INTO device_hours_due SELECT device_key, hour FROM device_hours WHERE device_key = {device.Key} ON CONFLICT DO NOTHING");
        await command.ExecuteNonQueryAsync(Token);
    }

    private async Task SumUpAsync()
    {
        var hours = new DeviceHourRepository(database.DataSource);
        while (await hours.SumUpAsync(_hour.AddDays(100), 5, Token) > 0)
        {
        }
    }

    private async Task<BlockSpeeds> BlockAsync(DateTimeOffset hour)
    {
        // The drive may lie in two blocks.
        var blocks = new[] { _south, _south + (2_000 / Metres) }.Select(lat => SpeedGrid.BlockOf(SpeedGrid.CellOf(lat, 11.5))).Distinct();
        var read = await Speeds.ReadBlocksAsync(blocks, SpeedGrid.HourOfWeek(hour), Token);
        return Assert.Single(read).Value;
    }
}
