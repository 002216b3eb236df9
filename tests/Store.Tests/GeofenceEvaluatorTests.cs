using System.Text.Json;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Geofences;
using ArtMqtt.Store.LifeCycle;
using ArtMqtt.Store.Positions;

namespace ArtMqtt.Store.Tests;

/// <summary>Who crosses which geofence, by stored positions, with a real database.</summary>
public sealed class GeofenceEvaluatorTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private static readonly GeofenceRules _rules = new(Confirmations: 2, Margin: 20, MaxAccuracy: 200);

    private readonly GeofenceEvaluator _evaluator = new(database.DataSource);
    private readonly string _deviceId = $"truck-{Guid.NewGuid():N}";
    private Guid _endpoint;
    private int _second;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private GeofenceRepository Geofences => new(database.DataSource);

    [Fact]
    public async Task A_drive_through_a_circle_enters_once_and_leaves_once_where_it_was_crossed()
    {
        var device = await PrepareAsync();
        await CreateAsync(Circle(1_000, 200));
        await DriveAsync(device, from: 0, to: 2_000, step: 10);

        Assert.Equal(["geofence.enter 800", "geofence.exit 1230"], await EventsAsync());
    }

    [Fact]
    public async Task A_parked_device_whose_places_wander_over_the_edge_neither_leaves_nor_comes_back()
    {
        var device = await PrepareAsync();
        await CreateAsync(Circle(1_000, 200));
        await DriveAsync(device, from: 700, to: 810, step: 10);
        var random = new Random(5);
        for (var i = 0; i < 300; i++)
        {
            await StoreAsync(device, At(800 + (random.NextDouble() * 20) - 15));
        }

        await EvaluateAsync();
        Assert.Equal(["geofence.enter 800"], await EventsAsync());
    }

    [Fact]
    public async Task One_place_that_is_wrong_changes_nothing_and_an_inexact_one_says_nothing()
    {
        var device = await PrepareAsync();
        await CreateAsync(Circle(1_000, 200));
        await StoreAsync(device, At(900), At(901), At(5_000), At(902), At(903));
        await StoreAsync(
            device, At(5_000) with { Accuracy = 900 }, At(5_000) with { Accuracy = 900 }, At(1_300) with { Accuracy = 150 },
            At(1_300) with { Accuracy = 150 }, At(904));
        await EvaluateAsync();
        Assert.Equal(["geofence.enter 900"], await EventsAsync());
        await StoreAsync(device, At(1_400) with { Accuracy = 150 }, At(1_410) with { Accuracy = 150 });
        await EvaluateAsync();
        Assert.Equal(["geofence.enter 900", "geofence.exit 1400"], await EventsAsync());
    }

    [Fact]
    public async Task Nothing_is_told_again_or_forgotten_when_the_process_begins_anew_after_every_position()
    {
        var device = await PrepareAsync();
        await CreateAsync(Circle(1_000, 200));
        for (var metres = 700; metres <= 1_300; metres += 20)
        {
            await StoreAsync(device, At(metres));
            await new GeofenceEvaluator(database.DataSource).EvaluateAsync(_rules, Token);
        }

        Assert.Equal(["geofence.enter 800", "geofence.exit 1240"], await EventsAsync());
    }

    [Fact]
    public async Task Several_nodes_at_the_same_time_tell_each_crossing_once()
    {
        var devices = new List<int> { await PrepareAsync() };
        for (var i = 1; i < 30; i++)
        {
            devices.Add(await AddDeviceAsync($"{_deviceId}-{i}"));
        }

        await CreateAsync(Circle(1_000, 200));
        foreach (var metres in Enumerable.Range(0, 60).Select(i => 700 + (i * 10)))
        {
            foreach (var device in devices)
            {
                await StoreAsync(device, At(metres));
            }

            await Task.WhenAll(Enumerable.Range(0, 3).Select(
                _ => new GeofenceEvaluator(database.DataSource).EvaluateAsync(_rules, Token)));
        }

        await EvaluateAsync();
        var events = await EventsAsync();
        Assert.Equal(30, events.Count(e => e == "geofence.enter 800"));
        Assert.Equal(30, events.Count(e => e == "geofence.exit 1230"));
        Assert.Equal(60, events.Count);
    }

    [Fact]
    public async Task Positions_that_are_older_than_what_was_looked_at_change_nothing_but_a_backlog_in_order_is_followed()
    {
        var device = await PrepareAsync();
        await CreateAsync(Circle(1_000, 200));
        _second = 1_000;
        await StoreAsync(device, At(0), At(10));
        await EvaluateAsync();
        _second = 500;
        await StoreAsync(device, At(1_000), At(1_000), At(1_000));
        await EvaluateAsync();
        Assert.Empty(await EventsAsync());

        // Hours without network, then all of it.
        _second = 2_000;
        await StoreAsync(device, [.. Enumerable.Range(0, 4_000).Select(i => At(i * 0.5))]);
        await EvaluateAsync();
        Assert.Equal(["geofence.enter 800", "geofence.exit 1220.5"], await EventsAsync());
    }

    [Fact]
    public async Task What_happened_before_a_geofence_was_made_is_not_told_but_who_is_inside_has_entered()
    {
        var device = await PrepareAsync();
        await StoreReceivedAsync(device, TimeProvider.System.GetUtcNow().AddHours(-1), At(500), At(510), At(1_000), At(1_010), At(1_500), At(1_510));
        await StoreReceivedAsync(device, TimeProvider.System.GetUtcNow().AddHours(-1), At(1_000), At(1_010));
        await CreateAsync(Circle(1_000, 200));
        await EvaluateAsync();
        Assert.Empty(await EventsAsync());
        await StoreAsync(device, At(1_020), At(1_030));
        await EvaluateAsync();
        Assert.Equal(["geofence.enter 1020"], await EventsAsync());
    }

    [Fact]
    public async Task Only_devices_it_names_are_looked_at()
    {
        var device = await PrepareAsync();
        var other = await AddDeviceAsync($"other-{Guid.NewGuid():N}");
        await CreateAsync(Circle(1_000, 200), deviceIds: [_deviceId]);
        await DriveAsync(other, from: 0, to: 2_000, step: 50);
        Assert.Empty(await EventsAsync());
        await DriveAsync(device, from: 0, to: 2_000, step: 50);
        Assert.Equal(["geofence.enter 800", "geofence.exit 1250"], await EventsAsync());
        Assert.Equal(0, await database.QueryAsync<long>($"SELECT count(*) FROM geofence_progress WHERE device_key = {other}"));
    }

    [Fact]
    public async Task A_geofence_of_another_firm_does_not_see_the_device()
    {
        var other = await PrepareAsync();
        var device = await AddDeviceAsync($"acme-{Guid.NewGuid():N}");
        await using (var move = database.DataSource.CreateCommand($"""
            UPDATE webhook_endpoints SET tenant = 'acme' WHERE endpoint_id = '{_endpoint}';
            UPDATE devices SET tenant = 'acme' WHERE device_key = {device}
            """))
        {
            await move.ExecuteNonQueryAsync(Token);
        }

        await CreateAsync(Circle(1_000, 200), tenant: "acme");
        await DriveAsync(other, from: 0, to: 2_000, step: 50);
        Assert.Empty(await EventsAsync());
        await DriveAsync(device, from: 0, to: 2_000, step: 50);
        Assert.Equal(["geofence.enter 800", "geofence.exit 1250"], await EventsAsync());
    }

    [Fact]
    public async Task Who_is_inside_when_a_geofence_is_removed_does_not_leave_it()
    {
        var device = await PrepareAsync();
        var id = await CreateAsync(Circle(1_000, 200));
        await DriveAsync(device, from: 900, to: 1_000, step: 10);
        Assert.True(await Geofences.RemoveAsync(id, null, Token));
        await DriveAsync(device, from: 1_000, to: 2_000, step: 10);
        Assert.Equal(["geofence.enter 900"], await EventsAsync());
    }

    [Fact]
    public async Task A_device_whose_positions_were_removed_is_not_looked_for_again_and_again()
    {
        var device = await PrepareAsync();
        await StoreAsync(device, At(1_000), At(1_010));
        await CreateAsync(Circle(1_000, 200));
        await database.QueryAsync<long>($"WITH gone AS (DELETE FROM positions WHERE device_key = {device} RETURNING 1) SELECT count(*) FROM gone");
        await EvaluateAsync();
        Assert.Equal(0, await database.QueryAsync<long>($"SELECT count(*) FROM geofence_progress p JOIN device_latest l USING (device_key) WHERE device_key = {device} AND p.through < l.fix_time"));
        Assert.Equal(1, await database.QueryAsync<long>($"SELECT count(*) FROM geofence_progress WHERE device_key = {device}"));
    }

    [Fact]
    public async Task Who_is_erased_leaves_no_events_behind_and_is_not_told_of_again_when_the_erasure_is_repeated()
    {
        var device = await PrepareAsync();
        await CreateAsync(Circle(1_000, 200));
        await DriveAsync(device, from: 900, to: 1_000, step: 10);
        var erasures = new ErasureRepository(database.DataSource);
        Assert.NotNull(await erasures.EraseDeviceAsync(_deviceId, "test", Token));
        Assert.Empty(await EventsAsync());
        Assert.Equal(0, await database.QueryAsync<long>($"SELECT count(*) FROM geofence_states WHERE device_key = {device}"));
        Assert.Equal(0, await database.QueryAsync<long>($"SELECT count(*) FROM geofence_progress WHERE device_key = {device}"));

        await DriveAsync(device, from: 1_000, to: 1_050, step: 10);
        for (var i = 0; i < 3; i++)
        {
            await erasures.RepeatAsync(TimeSpan.FromDays(7), Token);
            await DriveAsync(device, from: 1_050, to: 1_060, step: 10);
        }

        Assert.Equal(["geofence.enter 1000"], await EventsAsync());
    }

    private static Position At(double metres) => Drive.Place(metres);

    // A circle around a place of the drive.
    private static string Circle(double metres, double radius)
    {
        var centre = At(metres);
        return JsonSerializer.Serialize(new { type = "Point", coordinates = new[] { centre.Longitude, centre.Latitude }, radius });
    }

    // The only geofences and the only endpoint of the test.
    private async Task<int> PrepareAsync()
    {
        _endpoint = Guid.NewGuid();
        await using var command = database.DataSource.CreateCommand($"""
            DELETE FROM geofences; DELETE FROM webhook_endpoints;
            INSERT INTO webhook_endpoints (endpoint_id, url, event_types, secret)
            VALUES ('{_endpoint}', 'https://example.org', ARRAY['geofence.enter', 'geofence.exit'], '\x00')
            """);
        await command.ExecuteNonQueryAsync(Token);
        return await AddDeviceAsync(_deviceId);
    }

    private async Task<int> AddDeviceAsync(string deviceId) =>
        (await database.Devices.CreateAsync(deviceId, null, new byte[32], Token))!.Key;

    private async Task<Guid> CreateAsync(string shape, string tenant = "", IReadOnlyList<string>? deviceIds = null) =>
        (await Geofences.CreateAsync(tenant, new GeofenceSettings("yard", shape, "", deviceIds), 1_000, Token))!.GeofenceId;

    private async Task DriveAsync(int device, int from, int to, int step)
    {
        await StoreAsync(device, [.. Enumerable.Range(0, ((to - from) / step) + 1).Select(i => At(from + (i * step)))]);
        await EvaluateAsync();
    }

    private Task StoreAsync(int device, params Position[] positions) =>
        StoreReceivedAsync(device, TimeProvider.System.GetUtcNow(), positions);

    // A second apart.
    private async Task StoreReceivedAsync(int device, DateTimeOffset receivedAt, params Position[] positions) =>
        await database.Positions.WriteAsync(
            PositionRows.Of([new ReceivedPositions(
                device, _deviceId, PositionRole.Device, null, receivedAt,
                [.. positions.Select(p => new ReceivedPosition(
                    p with { FixTime = DateTimeOffset.UnixEpoch.AddYears(56).AddSeconds(_second++) }, false))])]).All,
            Token);

    private Task<int> EvaluateAsync() => _evaluator.EvaluateAsync(_rules, Token);

    // Type, and metres from the beginning of the drive.
    private async Task<List<string>> EventsAsync()
    {
        var events = new List<string>();
        await using var command = database.DataSource.CreateCommand(
            $"SELECT body FROM webhook_deliveries WHERE endpoint_id = '{_endpoint}' ORDER BY delivery_id");
        await using var reader = await command.ExecuteReaderAsync(Token);
        while (await reader.ReadAsync(Token))
        {
            using var json = JsonDocument.Parse(reader.GetString(0));
            var position = json.RootElement.GetProperty("data").GetProperty("position");
            var metres = (position.GetProperty("lat").GetDouble() - 48) * 111_200;
            Assert.Equal(
                json.RootElement.GetProperty("timestamp").GetDateTimeOffset(), position.GetProperty("fixTime").GetDateTimeOffset());
            events.Add(string.Create(
                System.Globalization.CultureInfo.InvariantCulture, $"{json.RootElement.GetProperty("type").GetString()} {Math.Round(metres, 1)}"));
        }

        return events;
    }
}
