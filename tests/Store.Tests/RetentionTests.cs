using ArtMqtt.Contracts.Devices;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Devices;
using ArtMqtt.Store.LifeCycle;
using ArtMqtt.Store.Positions;
using ArtMqtt.Store.Rollups;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace ArtMqtt.Store.Tests;

/// <summary>What is too old goes, and nothing else.</summary>
public sealed class RetentionTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private static readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private RetentionRepository Retention => new(database.DataSource, TimeProvider.System);

    [Fact]
    public async Task Each_fleet_and_each_kind_has_its_own_age()
    {
        var (all, acme) = (await CreateAsync("r-van"), await CreateAsync("acme-van"));
        var acmeTest = await CreateAsync("acme-test-van");
        foreach (var age in (int[])[1, 3, 6, 20, 50])
        {
            await WriteAsync(all, PositionRole.Device, age);
            await WriteAsync(acme, PositionRole.Operator, age);
            await WriteAsync(acmeTest, PositionRole.Device, age);
            await WriteAsync(900_000, PositionRole.Customer, age);
        }

        var forgotten = await Retention.ApplyAsync(
            new RetentionPolicy(
                [
                    new FleetRetention("", Days(30), null), new FleetRetention("acme-", Days(5), null),
                    new FleetRetention("acme-test-", null, null),
                ],
                CustomerPositions: Days(2), null, null),
            Token);

        Assert.Equal([1, 3, 6, 20], await AgesAsync(all));
        Assert.Equal([1, 3], await AgesAsync(acme));
        Assert.Equal([1, 3, 6, 20, 50], await AgesAsync(acmeTest));
        Assert.Equal([1], await AgesAsync(900_000));
        Assert.Equal(new Forgotten(0, 1 + 3 + 4, 0, 0, 0), forgotten);
    }

    [Fact]
    public async Task Chunks_in_which_everything_is_too_old_are_dropped_whole()
    {
        var device = await CreateAsync("chunk-van");
        await WriteAsync(device, PositionRole.Device, 400, 410, 420, 1);
        await WriteAsync(900_001, PositionRole.Customer, 399);
        var before = await ChunksAsync();

        var forgotten = await Retention.ApplyAsync(
            new RetentionPolicy([new FleetRetention("", Days(390), null)], Days(390), null, null), Token);

        Assert.Equal(4, forgotten!.Value.Chunks);
        Assert.Equal(0, forgotten.Value.Positions);
        Assert.Equal(before - 4, await ChunksAsync());
        Assert.Equal([1], await AgesAsync(device));
    }

    [Fact]
    public async Task Where_a_device_was_last_is_forgotten_with_its_positions()
    {
        var (gone, here) = (await CreateAsync("gone-van"), await CreateAsync("here-van"));
        await WriteAsync(gone, PositionRole.Device, 9);
        await WriteAsync(here, PositionRole.Device, 9, 3);

        await Retention.ApplyAsync(
            new RetentionPolicy(
                [new FleetRetention("", null, null), new FleetRetention("gone-", Days(5), null), new FleetRetention("here-", Days(5), null)],
                null, null, null),
            Token);

        Assert.Equal(1, await database.QueryAsync<long>(
            $"SELECT count(*) FROM device_latest WHERE device_key IN ({gone}, {here})"));
    }

    [Fact]
    public async Task Suspect_positions_and_dead_letters_go_by_the_time_they_came()
    {
        await database.WriteAsync(
            [.. ((int[])[1, 9]).Select(age => new ReceivedPositions(
                77, "clock-van", PositionRole.Device, null, _now.AddDays(-age),
                [new ReceivedPosition(new Position(1, 2, new DateTimeOffset(1980, 1, age, 0, 0, 0, TimeSpan.Zero)), true)]))],
            Token);
        await database.DeadLetters(1_000).WriteAsync(
            [
                .. ((int[])[1, 9]).Select(age => new RejectedPayload("clock-van", "t", _now.AddDays(-age), "c", "d", new byte[1])),
                new RejectedPayload("clock-van", "t", _now.AddDays(-9), DeadLetterWriter.RefusedPositionCode, "d", new byte[1]),
            ],
            Token);

        await CreateAsync("event-van");
        await new DeviceEventWriter(database.DataSource).WriteAsync(
            [.. ((int[])[1, 9]).Select(age => new DeviceEvent("event-van", DeviceEventKind.Connected, _now.AddDays(-age), true))],
            Token);

        var forgotten = await Retention.ApplyAsync(
            new RetentionPolicy([new FleetRetention("", null, null)], null, Days(5), Days(5)) { DeviceEvents = Days(5) }, Token);

        Assert.Equal(
            (1, 1, 1), (forgotten!.Value.SuspectPositions, forgotten.Value.DeadLetters, forgotten.Value.DeviceEvents));
        Assert.Equal(1, await database.QueryAsync<long>("SELECT count(*) FROM suspect_positions WHERE device_key = 77"));
        // A refused position was acknowledged, so it waits for somebody to look at it.
        Assert.Equal(2, await database.QueryAsync<long>("SELECT count(*) FROM dead_letters WHERE device_id = 'clock-van'"));
    }

    [Fact]
    public async Task Sums_outlive_their_positions_and_a_late_one_does_not_spoil_them()
    {
        var device = await CreateAsync("sum-van");
        var hour = new DateTimeOffset(_now.UtcDateTime.Date, TimeSpan.Zero).AddDays(-10).AddHours(7);
        await WriteAtAsync(device, hour, hour.AddMinutes(10), hour.AddMinutes(20));
        await SumUpAsync();
        var forever = new RetentionPolicy(
            [new FleetRetention("", null, null), new FleetRetention("sum-", Days(5), null)], null, null, null);
        await Retention.ApplyAsync(forever, Token);
        Assert.Empty(await AgesAsync(device));

        await WriteAtAsync(device, hour.AddMinutes(30));
        await SumUpAsync();

        Assert.Equal(3, await database.QueryAsync<int>($"SELECT positions FROM device_hours WHERE device_key = {device}"));
        Assert.Equal(0, await database.QueryAsync<long>($"SELECT count(*) FROM device_hours_due WHERE device_key = {device}"));

        var forgotten = await Retention.ApplyAsync(
            forever with { Fleets = [new FleetRetention("", null, null), new FleetRetention("sum-", Days(5), Days(9))] }, Token);
        Assert.Equal((1, 1), (forgotten!.Value.Positions, forgotten.Value.Hours));
    }

    [Fact]
    public async Task Trips_and_stops_outlive_their_positions_and_go_with_the_hours()
    {
        var tables = new TripTables(database, await CreateAsync("trip-van"));
        var drive = new Drive(begin: new DateTimeOffset(_now.UtcDateTime.Date, TimeSpan.Zero).AddDays(-20));
        drive.Stand(900).Go(5_000, 10).Every(60).Stand(15 * 86_400).Go(5_000, 10).Stand(900);
        await tables.WriteAsync(drive.Positions);
        await tables.SumUpAsync();
        await tables.UpdateAsync();
        var before = await tables.RowsAsync();
        Assert.Equal(5, before.Count);
        var policy = new RetentionPolicy(
            [new FleetRetention("", null, null), new FleetRetention("trip-", Days(8), null)], null, null, null);

        await Retention.ApplyAsync(policy, Token);
        Assert.Equal(before, await tables.RowsAsync());

        await Retention.ApplyAsync(
            policy with { Fleets = [policy.Fleets[0], new FleetRetention("trip-", Days(8), Days(10))] }, Token);
        Assert.Equal(before.Skip(2), await tables.RowsAsync());
        Assert.InRange(await tables.CountAsync("device_trip_states"), 5, 11);
    }

    [Fact]
    public async Task A_clock_that_is_ahead_removes_nothing_early()
    {
        var device = await CreateAsync("ahead-van");
        await WriteAsync(device, PositionRole.Device, 3);
        var policy = new RetentionPolicy(
            [new FleetRetention("", null, null), new FleetRetention("ahead-", Days(5), null)], null, null, null);

        var ahead = new RetentionRepository(database.DataSource, new FakeTimeProvider(_now.AddYears(10)));
        await ahead.ApplyAsync(policy, Token);
        Assert.Equal([3], await AgesAsync(device));

        var behind = new RetentionRepository(database.DataSource, new FakeTimeProvider(_now.AddDays(-10)));
        await behind.ApplyAsync(policy with { Fleets = [policy.Fleets[0], new FleetRetention("ahead-", Days(2), null)] }, Token);
        Assert.Equal([3], await AgesAsync(device));
    }

    [Fact]
    public async Task One_node_at_a_time_removes()
    {
        await using var other = await database.DataSource.OpenConnectionAsync(Token);
        await using (var take = new NpgsqlCommand("SELECT pg_advisory_lock(4705122847102)", other))
        {
            await take.ExecuteNonQueryAsync(Token);
        }

        Assert.Null(await Retention.ApplyAsync(
            new RetentionPolicy([new FleetRetention("", null, null)], null, null, null), Token));
    }

    private static TimeSpan Days(int days) => TimeSpan.FromDays(days);

    private async Task<int> CreateAsync(string deviceId) =>
        (await database.Devices.CreateAsync(deviceId, null, new byte[32], Token))!.Key;

    private async Task WriteAsync(int key, PositionRole role, params int[] ages) => await database.WriteAsync(
        [new ReceivedPositions(key, "x", role, role == PositionRole.Device ? null : Guid.NewGuid(), _now, [.. ages.Select(
            age => new ReceivedPosition(new Position(48, 11, _now.AddDays(-age)), false))])], Token);

    private async Task WriteAtAsync(int key, params DateTimeOffset[] times) => await database.WriteAsync(
        [new ReceivedPositions(key, "x", PositionRole.Device, null, _now, [.. times.Select(
            time => new ReceivedPosition(new Position(48, 11, time), false))])], Token);

    private async Task SumUpAsync()
    {
        while (await new DeviceHourRepository(database.DataSource).SumUpAsync(_now, 100, Token) > 0)
        {
        }
    }

    private Task<long> ChunksAsync() => database.QueryAsync<long>(
        "SELECT count(*) FROM timescaledb_information.chunks WHERE hypertable_name = 'positions'");

    private async Task<List<int>> AgesAsync(int key)
    {
        await using var command = database.DataSource.CreateCommand(
            $"SELECT fix_time FROM positions WHERE device_key = {key} ORDER BY fix_time DESC");
        await using var reader = await command.ExecuteReaderAsync(Token);
        var ages = new List<int>();
        while (await reader.ReadAsync(Token))
        {
            ages.Add((int)Math.Round((_now.UtcDateTime - reader.GetDateTime(0)).TotalDays));
        }

        return ages;
    }
}
