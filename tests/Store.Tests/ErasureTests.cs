using ArtMqtt.Contracts.Live;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Requests;
using ArtMqtt.Store.Journal;
using ArtMqtt.Store.LifeCycle;
using ArtMqtt.Store.Requests;
using ArtMqtt.Store.Rollups;

namespace ArtMqtt.Store.Tests;

/// <summary>Who asks to be forgotten is.</summary>
public sealed class ErasureTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private static readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private static readonly DateTimeOffset _begin =
        new DateTimeOffset(_now.UtcDateTime.Date, TimeSpan.Zero).AddDays(-40).AddHours(8);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ErasureRepository Erasures => new(database.DataSource);

    private DeviceHourRepository Hours => new(database.DataSource);

    [Fact]
    public async Task A_device_is_erased_from_every_table_and_no_other_is()
    {
        var (gone, stays) = (await CreateAsync("erase-me"), await CreateAsync("erase-not-me"));
        foreach (var (key, name) in new[] { (gone, "erase-me"), (stays, "erase-not-me") })
        {
            await WriteAsync(key, _now, [.. Enumerable.Range(0, 40).Select(day => _begin.AddDays(day))]);
            await WriteAsync(key, _now, [_begin.AddYears(-30)], isSuspect: true);
            await database.DeadLetters(1_000).WriteAsync(
                [new RejectedPayload(name, $"art/devices/{name}/position", _now.AddMinutes(-1), "c", "d", new byte[1])], Token);
        }

        await Hours.SumUpAsync(_now, 1_000, Token);
        await WriteAsync(gone, _now, [_begin.AddSeconds(1)]);
        var kept = await RowsAsync(stays, "erase-not-me");

        var erased = await Erasures.EraseDeviceAsync("erase-me", "dispatcher", Token);

        Assert.Equal((41, 1), (erased!.Positions, erased.DeadLetters));
        Assert.Equal([0, 0, 0, 0, 0], await RowsAsync(gone, "erase-me"));
        Assert.Equal([40, 1, 1, 40, 1], kept);
        Assert.Equal(kept, await RowsAsync(stays, "erase-not-me"));
        await Hours.SumUpAsync(_now, 1_000, Token);
        Assert.Equal([0, 0, 0, 0, 0], await RowsAsync(gone, "erase-me"));
        Assert.Equal(Devices.DeviceRemoval.Removed, await database.Devices.RemoveAsync("erase-me", Token));
        Assert.Null(await Erasures.EraseDeviceAsync("erase-me", "dispatcher", Token));
    }

    [Fact]
    public async Task What_waited_in_a_spool_is_erased_too_and_what_came_later_stays_with_its_sums()
    {
        var key = await CreateAsync("spooled");
        await WriteAsync(key, _now, [_begin, _begin.AddMinutes(1)]);
        await Hours.SumUpAsync(_now, 1_000, Token);
        var erasure = await Erasures.EraseDeviceAsync("spooled", "dispatcher", Token);

        await WriteAsync(key, erasure!.Through.AddSeconds(-1), [_begin.AddMinutes(2), _begin.AddHours(3)]);
        await WriteAsync(key, erasure.Through.AddSeconds(1), [_begin.AddMinutes(3), _begin.AddMinutes(4)]);
        await Hours.SumUpAsync(_now, 1_000, Token);
        await Erasures.RepeatAsync(TimeSpan.FromDays(7), Token);
        await Hours.SumUpAsync(_now, 1_000, Token);

        Assert.Equal([2, 0, 1, 1, 0], await RowsAsync(key, "spooled"));
        Assert.Equal(2, await database.QueryAsync<int>($"SELECT positions FROM device_hours WHERE device_key = {key}"));
        Assert.Equal(4, await database.QueryAsync<long>("SELECT positions FROM erasures WHERE subject = 'spooled'"));
        Assert.False(await IsClosedAsync("spooled"));

        await Erasures.RepeatAsync(TimeSpan.Zero, Token);
        Assert.True(await IsClosedAsync("spooled"));
        await WriteAsync(key, erasure.Through.AddSeconds(-1), [_begin.AddMinutes(7)]);
        await Erasures.RepeatAsync(TimeSpan.Zero, Token);
        await Hours.SumUpAsync(_now, 1_000, Token);
        Assert.Equal([3, 0, 1, 1, 0], await RowsAsync(key, "spooled"));
    }

    [Fact]
    public async Task Trips_are_erased_and_what_came_later_has_the_trips_of_its_own_positions()
    {
        var tables = new TripTables(database, await CreateAsync("driven"));
        var drive = new Drive(begin: _now.AddHours(-60));
        drive.Stand(900).Go(20_000, 10).Every(30).Stand(56 * 3_600).Every(1);
        var known = drive.Positions.Count;
        await tables.WriteAsync(drive.Positions, received: _now);
        await BringUpToDateAsync(tables);
        Assert.Equal(3, (await tables.RowsAsync()).Count);

        // It is still parked when it is erased; then it drives home, and on the next day it is driven again.
        var through = (await Erasures.EraseDeviceAsync("driven", "dispatcher", Token))!.Through;
        drive.Every(30).Stand(5 * 3_600).Every(1).Go(-20_000, 10).Stand(30_000).Go(5_000, 10).Stand(80_000);
        var later = drive.Positions.Skip(known).ToList();
        await tables.WriteAsync(later, received: through.AddHours(1));
        // Hours that are not over yet by the clock are made due when they are.
        await database.QueryAsync<long>("""
            WITH due AS (
                INSERT INTO device_hours_due SELECT DISTINCT device_key, date_trunc('hour', fix_time, 'GMT') FROM positions
                ON CONFLICT DO NOTHING RETURNING 1)
            SELECT count(*) FROM due
            """);
        await BringUpToDateAsync(tables);
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(TripTables.Describe(Drive.Detect(later)), await tables.RowsAsync());
            await Erasures.RepeatAsync(TimeSpan.FromDays(7), Token);
            await BringUpToDateAsync(tables);
        }

        // Late, and from before.
        await tables.WriteAsync([drive.Positions[0] with { FixTime = _now.AddHours(-50) }], received: _now);
        await Erasures.RepeatAsync(TimeSpan.FromDays(7), Token);
        await BringUpToDateAsync(tables);
        Assert.Equal(TripTables.Describe(Drive.Detect(later)), await tables.RowsAsync());
        Assert.Equal(0, await tables.CountAsync("device_trips_due"));
    }

    [Fact]
    public async Task Erasing_while_positions_come_and_hours_are_summed_up_neither_fails_nor_leaves_anything()
    {
        var key = await CreateAsync("busy");
        var through = DateTimeOffset.MinValue;
        for (var i = 0; i < 30; i++)
        {
            var minute = i;
            var received = TimeProvider.System.GetUtcNow().AddHours(-1);
            await WriteAsync(key, received, [.. Enumerable.Range(0, 20).Select(hour => _begin.AddHours(hour).AddMinutes(minute))]);
            var erase = Erasures.EraseDeviceAsync("busy", "dispatcher", Token);
            await Task.WhenAll(
                Hours.SumUpAsync(_now, 1_000, Token), erase, Hours.SumUpAsync(_now, 5, Token), Tables(key).UpdateAsync(),
                WriteAsync(key, received, [_begin.AddHours(minute % 20).AddSeconds(minute + 1)]));
            through = (await erase)!.Through;
        }

        await Erasures.RepeatAsync(TimeSpan.Zero, Token);
        await Hours.SumUpAsync(_now, 1_000, Token);
        await Tables(key).UpdateAsync();
        Assert.True(through > _begin);
        Assert.Equal([0, 0, 0, 0, 0], await RowsAsync(key, "busy"));
        Assert.Equal(
            (0, 0, 0), (await Tables(key).CountAsync("device_stops"), await Tables(key).CountAsync("device_trip_states"),
            await Tables(key).CountAsync("device_trips_due")));
    }

    [Fact]
    public async Task A_customer_is_erased_once_the_request_is_over()
    {
        var requestId = Guid.CreateVersion7();
        byte[] hash = [.. Enumerable.Repeat((byte)7, 32)];
        await database.Requests.CreateAsync(
            new NewRequest(requestId, 48.137, 11.575, "Ada", "Third floor", hash, "dispatcher"), Token);
        var key = await database.QueryAsync<int>($"SELECT customer_key FROM service_requests WHERE request_id = '{requestId}'");
        await WriteAsync(key, _now, [_begin, _begin.AddSeconds(1)], role: PositionRole.Customer, requestId: requestId);
        await WriteAsync(4711, _now, [_begin], role: PositionRole.Operator, requestId: requestId);
        await database.DeadLetters(1_000).WriteAsync(
        [
            new RejectedPayload("customer", $"art/requests/{requestId}/customer/position", _now.AddMinutes(-1), "c", "d", new byte[1]),
            new RejectedPayload("customer", $"art/requests/{Guid.NewGuid()}/customer/position", _now.AddMinutes(-1), "c", "d", new byte[1]),
        ], Token);
        Assert.Null(await Erasures.EraseCustomerAsync(requestId, "dispatcher", Token));
        await database.Requests.ChangeStatusAsync(requestId, RequestStatus.Cancelled, "dispatcher", Token);

        var erased = await Erasures.EraseCustomerAsync(requestId, "dispatcher", Token);

        Assert.Equal((2, 1), (erased!.Positions, erased.DeadLetters));
        var request = (await database.Requests.FindAsync(requestId, Token))!;
        Assert.Equal((48.1, 11.6, null, null), (request.PickupLat, request.PickupLng, request.CustomerName, request.Note));
        Assert.NotEqual(hash, await database.Requests.FindCustomerTokenHashAsync(requestId, Token));
        Assert.Equal(0, await database.QueryAsync<long>($"SELECT count(*) FROM positions WHERE device_key = {key}"));
        Assert.Equal(1, await database.QueryAsync<long>("SELECT count(*) FROM positions WHERE device_key = 4711"));
        Assert.Equal(1, await database.QueryAsync<long>("SELECT count(*) FROM dead_letters WHERE device_id = 'customer'"));
    }

    [Fact]
    public async Task What_watchers_were_told_of_those_erased_goes_too()
    {
        await CreateAsync("told");
        var (ofDevice, ofCustomer, other) = (await RequestAsync(), await RequestAsync(), await RequestAsync());
        await database.Requests.AssignAsync(ofDevice, "told", "dispatcher", Token);
        await database.Requests.ChangeStatusAsync(ofCustomer, RequestStatus.Cancelled, "dispatcher", Token);
        var journal = new JournalRepository(database.DataSource);
        var told = new PresenceEvent(PresenceEvent.Online, 1);
        await journal.WriteAsync(
            [.. new[] { ofDevice, ofCustomer, other }.Select(id => new JournalEntry(id, "e", 1, _now.AddMinutes(-1), told))], Token);

        await Erasures.EraseDeviceAsync("told", "dispatcher", Token);
        await Erasures.EraseCustomerAsync(ofCustomer, "dispatcher", Token);

        Assert.Null(await journal.ReadAsync(ofDevice, "e", 0, 1, Token));
        Assert.Null(await journal.ReadAsync(ofCustomer, "e", 0, 1, Token));
        Assert.Equal([told], await journal.ReadAsync(other, "e", 0, 1, Token));
    }

    private async Task<Guid> RequestAsync()
    {
        var id = Guid.CreateVersion7();
        await database.Requests.CreateAsync(new NewRequest(id, 48, 11, null, null, new byte[32], "dispatcher"), Token);
        return id;
    }

    private static async Task BringUpToDateAsync(TripTables tables)
    {
        await tables.SumUpAsync();
        await tables.UpdateAsync();
    }

    private TripTables Tables(int key) => new(database, key);

    private async Task<int> CreateAsync(string deviceId) =>
        (await database.Devices.CreateAsync(deviceId, null, new byte[32], Token))!.Key;

    private async Task WriteAsync(
        int key, DateTimeOffset receivedAt, DateTimeOffset[] times, bool isSuspect = false,
        PositionRole role = PositionRole.Device, Guid? requestId = null) => await database.WriteAsync(
        [new ReceivedPositions(key, "x", role, requestId, receivedAt, [.. times.Select(
            time => new ReceivedPosition(new Position(48, 11, time), isSuspect))])], Token);

    // Positions, suspect ones, newest, hours, dead letters.
    private async Task<List<long>> RowsAsync(int key, string deviceId) =>
    [
        await database.QueryAsync<long>($"SELECT count(*) FROM positions WHERE device_key = {key}"),
        await database.QueryAsync<long>($"SELECT count(*) FROM suspect_positions WHERE device_key = {key}"),
        await database.QueryAsync<long>($"SELECT count(*) FROM device_latest WHERE device_key = {key}"),
        await database.QueryAsync<long>($"SELECT count(*) FROM device_hours WHERE device_key = {key}"),
        await database.QueryAsync<long>($"SELECT count(*) FROM dead_letters WHERE device_id = '{deviceId}'"),
    ];

    private Task<bool> IsClosedAsync(string deviceId) =>
        database.QueryAsync<bool>($"SELECT closed_at IS NOT NULL FROM erasures WHERE subject = '{deviceId}'");
}
