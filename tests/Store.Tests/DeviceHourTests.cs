using System.Globalization;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Store.Rollups;
using ArtMqtt.Store.Routes;
using ArtMqtt.TestKit;
using Npgsql;

namespace ArtMqtt.Store.Tests;

public sealed class DeviceHourTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    // A degree of latitude at the equator.
    private const double Metres = 110_574.3;
    private static readonly DateTimeOffset _hour = new(2026, 3, 1, 10, 0, 0, TimeSpan.Zero);
    private static int _keys = 9000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private int _device = Interlocked.Increment(ref _keys);

    private DeviceHourRepository Hours => new(database.DataSource);

    [Fact]
    public async Task Sums_up_an_hour_and_the_step_that_leads_into_it()
    {
        await WriteAsync((-60, 0), (30, 0.001), (90, 0.002), (150, 0.002), (3_599, 0.003));

        await SumUpAsync();

        Assert.Equal(["09:00 1 0 0", "10:00 4 332 150"], await RowsAsync());
    }

    [Fact]
    public async Task A_late_position_corrects_its_hour_and_the_first_step_of_the_next()
    {
        await WriteAsync((0, 0), (3_600, 0.002), (3_660, 0.003));
        await SumUpAsync();
        Assert.Equal(["10:00 1 0 0", "11:00 2 332 60"], await RowsAsync());

        // A detour, and a slow way on.
        await WriteAsync((1_800, 0.004));
        await SumUpAsync();
        Assert.Equal(["10:00 2 442 0", "11:00 2 332 60"], await RowsAsync());
        Assert.Equal(0, await DueAsync());

        // Nothing changes any more.
        await WriteAsync((1_800, 0.004));
        await SumUpAsync();
        Assert.Equal(["10:00 2 442 0", "11:00 2 332 60"], await RowsAsync());
    }

    [Fact]
    public async Task A_step_over_more_than_an_hour_does_not_count()
    {
        await WriteAsync((0, 0), (7_300, 0.002));

        await SumUpAsync();

        Assert.Equal(["10:00 1 0 0", "12:00 1 0 0"], await RowsAsync());
    }

    [Fact]
    public async Task Hours_that_are_over_become_due_for_those_who_may_have_positions_in_them()
    {
        var sweeps = await SweptThroughAsync();
        await WriteAsync(((int)(sweeps - _hour).TotalSeconds + 1_800, 1));
        Assert.Equal(0, await DueAsync());

        Assert.False(await Hours.SweepAsync(sweeps.AddHours(1).AddTicks(-10), Token));
        Assert.True(await Hours.SweepAsync(sweeps.AddHours(1), Token));
        Assert.False(await Hours.SweepAsync(sweeps.AddHours(1), Token));

        Assert.Equal(1, await DueAsync());
    }

    [Fact]
    public async Task An_hour_is_not_swept_over_while_positions_of_it_are_on_their_way()
    {
        var sweeps = await SweptThroughAsync();
        await using var writer = await database.DataSource.OpenConnectionAsync(Token);
        await using var writing = await writer.BeginTransactionAsync(Token);
        await using (var started = new NpgsqlCommand(
            $"""
            SELECT pg_advisory_xact_lock_shared(4705122847103);
            INSERT INTO device_latest (device_key, fix_time, received_at, role, lat, lng)
            VALUES ({_device}, '{sweeps.AddMinutes(30):u}', now(), 0, 1, 1)
            """, writer))
        {
            await started.ExecuteNonQueryAsync(Token);
        }

        var sweeping = Hours.SweepAsync(sweeps.AddHours(1), Token);
        await Eventually.TrueAsync(
            async () => sweeping.IsCompleted || await database.QueryAsync<long>(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") > 0, Token);
        Assert.False(sweeping.IsCompleted);
        await writing.CommitAsync(Token);

        Assert.True(await sweeping);
        Assert.Equal(1, await DueAsync());
    }

    [Fact]
    public async Task Positions_of_an_hour_that_is_being_swept_over_make_it_due_themselves()
    {
        var sweeps = await SweptThroughAsync();
        await using var sweeper = await database.DataSource.OpenConnectionAsync(Token);
        await using var sweeping = await sweeper.BeginTransactionAsync(Token);
        await using (var started = new NpgsqlCommand(
            """
            SELECT pg_advisory_xact_lock(4705122847103);
            UPDATE device_hours_swept SET through = through + interval '1 hour'
            """, sweeper))
        {
            await started.ExecuteNonQueryAsync(Token);
        }

        var writing = WriteAsync(((int)(sweeps - _hour).TotalSeconds + 1_800, 1));
        await Eventually.TrueAsync(
            async () => writing.IsCompleted || await database.QueryAsync<long>(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") > 0, Token);
        await sweeping.CommitAsync(Token);
        await writing;

        Assert.Equal(1, await DueAsync());
    }

    [Fact]
    public async Task Many_at_once_sum_up_everything_once()
    {
        for (var i = 0; i < 40; i++)
        {
            await WriteAsync((i * 3_600, i * 0.001), ((i * 3_600) + 60, (i * 0.001) + 0.001));
        }

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SumUpAsync()));

        Assert.Equal(0, await DueAsync());
        Assert.Equal((40L, 80L), (
            await database.QueryAsync<long>($"SELECT count(*) FROM device_hours WHERE device_key = {_device}"),
            await database.QueryAsync<long>($"SELECT sum(positions) FROM device_hours WHERE device_key = {_device}")));
        Assert.Equal(40 * 0.001 * Metres, await database.QueryAsync<double>(
            $"SELECT sum(distance_m) FROM device_hours WHERE device_key = {_device}"), tolerance: 1);
    }

    [Fact]
    public async Task Who_was_there_has_the_same_answer_before_and_after_summing_up()
    {
        var name = $"van-{_device}";
        _device = (await database.Devices.CreateAsync(name, null, new byte[32], Token))!.Key;
        await WriteAsync((0, 20), (60, 20.1), (3_700, 30), (7_300, 20.2));
        Assert.Equal(3, await FindAsync(name));

        await SumUpAsync();
        Assert.Equal(3, await FindAsync(name));

        // Late, and in an hour whose box was elsewhere.
        await WriteAsync((3_800, 20.3));
        Assert.Equal(4, await FindAsync(name));

        await SumUpAsync();
        Assert.Equal(4, await FindAsync(name));
    }

    private async Task<long> FindAsync(string name)
    {
        var found = await new PresenceReader(database.DataSource).FindInBoxAsync(
            TenantScope.All, new BoundingBox(11, 19, 12, 21), _hour.AddHours(-1), _hour.AddHours(4), "", 10_000, Token);
        return found.Where(presence => presence.DeviceId == name).Sum(presence => presence.Positions);
    }

    private async Task<DateTimeOffset> SweptThroughAsync() =>
        new(await database.QueryAsync<DateTime>("SELECT through FROM device_hours_swept"), TimeSpan.Zero);

    private async Task WriteAsync(params (int Second, double Latitude)[] positions) => await database.WriteAsync(
        [new ReceivedPositions(_device, "truck", PositionRole.Device, null, _hour, [.. positions.Select(
            p => new ReceivedPosition(new Position(p.Latitude, 11.5, _hour.AddSeconds(p.Second)), false))])], Token);

    private async Task SumUpAsync()
    {
        while (await Hours.SumUpAsync(_hour.AddDays(100), 7, Token) > 0)
        {
        }
    }

    private Task<long> DueAsync() =>
        database.QueryAsync<long>($"SELECT count(*) FROM device_hours_due WHERE device_key = {_device}");

    private async Task<List<string>> RowsAsync()
    {
        await using var command = database.DataSource.CreateCommand($"""
            SELECT hour, positions, distance_m, moving_s FROM device_hours WHERE device_key = {_device} ORDER BY hour
            """);
        await using var reader = await command.ExecuteReaderAsync(Token);
        var rows = new List<string>();
        while (await reader.ReadAsync(Token))
        {
            rows.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{reader.GetDateTime(0):HH:mm} {reader.GetInt32(1)} {reader.GetDouble(2):F0} {reader.GetDouble(3):F0}"));
        }

        return rows;
    }
}
