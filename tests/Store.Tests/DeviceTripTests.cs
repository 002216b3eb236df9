
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Routes;

namespace ArtMqtt.Store.Tests;

/// <summary>The tables of trips and stops, against the detector over the whole route.</summary>
public sealed class DeviceTripTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private static int _keys = 1_000;

    private readonly int _device = Interlocked.Increment(ref _keys);

    private TripTables Tables => new(database, _device);

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
        // Most of it in order, some of it very late and one by one.
        var late = drive.Positions.Where(_ => random.Next(drive.Positions.Count) < 30).ToArray();
        random.Shuffle(late);
        var batches = drive.Positions.Except(late).Chunk(random.Next(100, 900))
            .SelectMany(chunk => random.Next(4) == 0 ? [.. chunk.Chunk(50).Reverse()] : new[] { chunk })
            .Concat(late.Chunk(1)).ToList();

        foreach (var batch in batches)
        {
            await Tables.WriteAsync(batch);
            if (random.Next(3) == 0)
            {
                await Tables.SumUpAsync();
            }

            if (random.Next(3) == 0)
            {
                await Tables.UpdateAsync();
            }
        }

        await Tables.SumUpAsync();
        await Tables.UpdateAsync();

        var expected = TripTables.Describe(drive.Detect()).ToList();
        Assert.True(expected.Count > 4);
        Assert.Equal(expected, await Tables.RowsAsync());
        Assert.Equal(0, await Tables.CountAsync("device_trips_due"));
    }

    [Theory]
    [InlineData("car/00000024.track")]
    [InlineData("car/00000037.track")]
    [InlineData("car/munich-barefoot-001.json")]
    public async Task A_recording_told_backwards_has_the_trips_of_the_whole(string recording)
    {
        var positions = Recordings.Read(recording).Positions;
        foreach (var batch in positions.Chunk(1 + (positions.Count / 9)).Reverse())
        {
            await Tables.WriteAsync(batch);
            await BringUpToDateAsync();
        }

        Assert.Equal(TripTables.Describe(Drive.Detect(positions)), await Tables.RowsAsync());
    }

    [Fact]
    public async Task Many_workers_at_once_find_what_one_finds()
    {
        var drives = Enumerable.Range(0, 3).Select(i => (Tables: Other(), Drive: new Drive(100 + i))).ToList();
        drives.ForEach(d => d.Drive.GoForDays(2));
        var isDone = false;
        var workers = Enumerable.Range(0, 3).Select(async _ =>
        {
            do
            {
                await BringUpToDateAsync();
            }
            while (!Volatile.Read(ref isDone));
        }).ToList();

        await Task.WhenAll(drives.Select(async d =>
        {
            var batches = d.Drive.Positions.Chunk(70).ToArray();
            new Random(1).Shuffle(batches);
            foreach (var batch in batches)
            {
                await d.Tables.WriteAsync(batch);
            }
        }));
        Volatile.Write(ref isDone, true);
        await Task.WhenAll(workers);
        await BringUpToDateAsync();

        foreach (var (tables, drive) in drives)
        {
            Assert.Equal(TripTables.Describe(drive.Detect()), await tables.RowsAsync());
        }
    }

    [Fact]
    public async Task A_device_that_is_parked_for_months_has_one_stop_with_its_true_start_and_middle()
    {
        var drive = new Drive();
        drive.Go(5_000, 15).Every(3_600).Stand(100 * 86_400, 20);
        var late = drive.Positions.Skip(400).Take(3).ToList();
        await Tables.WriteAsync(drive.Positions.Except(late));
        await BringUpToDateAsync();
        Assert.Equal(TripTables.Describe(Drive.Detect(drive.Positions.Except(late))), await Tables.RowsAsync());

        await Tables.WriteAsync(late);
        await BringUpToDateAsync();

        Assert.Equal(TripTables.Describe(drive.Detect()), await Tables.RowsAsync());
        Assert.Equal(1, await Tables.CountAsync("device_stops"));
        Assert.Equal(100, await Tables.CountAsync("device_trip_states"), tolerance: 2);
    }

    [Fact]
    public async Task What_still_goes_on_is_open_and_grows()
    {
        var drive = new Drive();
        drive.Go(30_000, 10);
        await Tables.WriteAsync(drive.Positions);
        await BringUpToDateAsync();
        Assert.Equal((1, 1), (await Tables.CountAsync("device_trips"), await CountOpenAsync("device_trips")));

        drive.Go(30_000, 10);
        await Tables.WriteAsync(drive.Positions);
        await BringUpToDateAsync();
        Assert.Equal(TripTables.Describe(drive.Detect()), await Tables.RowsAsync());
        Assert.Equal((1, 1), (await Tables.CountAsync("device_trips"), await CountOpenAsync("device_trips")));

        drive.Stand(3_600);
        await Tables.WriteAsync(drive.Positions);
        await BringUpToDateAsync();
        Assert.Equal(TripTables.Describe(drive.Detect()), await Tables.RowsAsync());
        Assert.Equal((0, 1), (await CountOpenAsync("device_trips"), await CountOpenAsync("device_stops")));
    }

    [Fact]
    public async Task Trips_outlive_their_positions_whatever_comes_late()
    {
        var drive = new Drive(11);
        drive.GoForDays(9);
        var emptyDay = drive.Positions.First(p => p.FixTime >= Day(2)).FixTime.Date;
        var given = drive.Positions.Where(p => p.FixTime.Date != emptyDay).ToList();
        await Tables.WriteAsync(given);
        await BringUpToDateAsync();
        var before = await Tables.RowsAsync();
        await database.QueryAsync<long>($"""
            WITH gone AS (DELETE FROM positions WHERE device_key = {_device} AND fix_time < '1970-01-07Z' RETURNING 1)
            SELECT count(*) FROM gone
            """);

        // On a day that had positions, on one that had none, and on one that still has them.
        await Tables.WriteAsync([Drive.Place(0) with { FixTime = Day(1).AddSeconds(7.5) }]);
        await Tables.WriteAsync([Drive.Place(0) with { FixTime = new DateTimeOffset(emptyDay, default).AddHours(9) }]);
        await BringUpToDateAsync();
        Assert.Equal(before, await Tables.RowsAsync());
        Assert.Equal(0, await Tables.CountAsync("device_trips_due"));

        drive.Wait(7_200).Go(9_000, 20);
        var last = drive.Positions.Where(p => p.FixTime >= Day(8)).ToList();
        await Tables.WriteAsync(last);
        await BringUpToDateAsync();
        Assert.Equal(
            TripTables.Describe(Drive.Detect([.. given.Where(p => p.FixTime < Day(8)), .. last])),
            await Tables.RowsAsync());
    }

    [Fact]
    public async Task Trips_and_stops_know_the_request_they_led_to_and_customers_have_none()
    {
        var (request, customer) = (Guid.NewGuid(), Interlocked.Increment(ref _keys));
        var drive = new Drive();
        drive.Stand(600).Go(2_000, 10);
        await Tables.WriteAsync(drive.Positions);
        var served = new Drive();
        served.Wait(drive.Second).Jump(2_000).Go(3_000, 10).Stand(600);
        await Tables.WriteAsync(served.Positions, request);
        await database.WriteAsync(
            [new ReceivedPositions(
                customer, "", PositionRole.Customer, request, DateTimeOffset.UnixEpoch,
                [.. served.Positions.Select(p => new ReceivedPosition(p, false))])],
            TestContext.Current.CancellationToken);
        await BringUpToDateAsync();

        Assert.Equal(request, await database.QueryAsync<Guid>(
            $"SELECT request_id FROM device_trips WHERE device_key = {_device}"));
        Assert.Equal("-,arrived", await database.QueryAsync<string>($"""
            SELECT string_agg(CASE request_id WHEN '{request}' THEN 'arrived' ELSE '-' END, ',' ORDER BY start_time)
            FROM device_stops WHERE device_key = {_device}
            """));
        Assert.Equal(0, await new TripTables(database, customer).CountAsync("device_stops"));
        Assert.Equal(0, await new TripTables(database, customer).CountAsync("device_trip_states"));
    }

    [Fact]
    public void What_earlier_versions_stored_is_understood()
    {
        // Parked for 400 s and just leaving. When this fails, the states in every database are of no use: see TripDetector.
        var state = Convert.FromBase64String(
            "gB+v7PZ/nwgBYroq1EAASEAAAAAAAAAmQACJFuz2f58IAQAAoEEAAAAAAAAAAAAAAAAAAAAAAQAAoEEBVMvouEYASEAAAAAAAAAm"
            + "QIAfr+z2f58IAQAAoEEAAAAAAAAAAAAAAAAAAAAAAQAAoEEBAAFiuirUQABIQAAAAAAAACZAAIkW7PZ/nwgBAACgQUDCmvl/f2ZA"
            + "gEpdBQAAAAABAACgQQFiuirUQABIQAAAAAAAACZAAIkW7PZ/nwgBAACgQUDCmvl/f2ZAgEpdBQAAAAABAACgQQEAAAAAAABIQAAA"
            + "AAAAACZAAIC19/V/nwgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACJFuz2f58IAQCAtff1f58IgPJ96/Z/nwgWtfYPd6TZQYS4"
            + "rtEC8LNBXFrUx1HR3EGaAQAAwYr5HMkCUEHCSTcjyeUoQTV0yhVU/lFBAeMhfMkLAEhAAAAAAAAAJkCAPrnm9n+fCAEAAKBBxSZj"
            + "/o3/M0CAlpgAAAAAAAEAAKBBAA==");
        Assert.Equal(state, TripDetector.Load(state).Save());

        var detector = TripDetector.Load(state);
        for (var second = 0; second < 100; second++)
        {
            detector.Add(Drive.Place(260 + (20 * second)) with { FixTime = DateTimeOffset.UnixEpoch.AddSeconds(412 + second) });
        }

        detector.Finish();
        Assert.True(detector.TryRead(out var stop));
        Assert.True(detector.TryRead(out var trip));
        Assert.Equal((DateTimeOffset.UnixEpoch, 401), (stop.From, stop.Duration.TotalSeconds));
        Assert.Equal(2_200, Assert.IsType<RouteTrip>(trip).Distance, tolerance: 10);
    }

    private TripTables Other() => new(database, Interlocked.Increment(ref _keys));

    private async Task BringUpToDateAsync()
    {
        await Tables.SumUpAsync();
        await Tables.UpdateAsync();
    }

    private Task<long> CountOpenAsync(string table) => Tables.CountAsync($"(SELECT * FROM {table} WHERE day IS NULL) open");

    private static DateTimeOffset Day(int days) => DateTimeOffset.UnixEpoch.AddDays(days);
}
