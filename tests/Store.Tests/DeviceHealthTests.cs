using ArtMqtt.Contracts.Devices;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Store.Devices;
using Microsoft.Extensions.Time.Testing;

namespace ArtMqtt.Store.Tests;

public sealed class DeviceHealthTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private static readonly DateTimeOffset _now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private DeviceEventWriter Events => new(database.DataSource);

    private DeviceHealthReader Health => new(database.DataSource, new FakeTimeProvider(_now));

    private DeviceTimelineReader Timeline => new(database.DataSource);

    [Fact]
    public async Task A_list_says_how_each_device_is_doing_and_can_be_filtered_and_searched()
    {
        var scope = TenantScope.Of("list");
        await CreateAsync("list", "l-busy", "l-low", "l-new", "l-off", "l_odd");
        await ReportAsync("l-busy", battery: 80, [.. Enumerable.Range(0, 10).Select(i => _now.AddSeconds(-30 * i))]);
        await ReportAsync("l-low", battery: 7, [_now.AddHours(-2)]);
        await database.Devices.SetEnabledAsync("l-off", false, Token);
        await Events.WriteAsync(
            [
                Event("l-busy", DeviceEventKind.Connected, -60, true) with { Agent = "app/2", Address = "192.0.2.1", Protocol = "MQTT 5, tcp" },
                Event("l-low", DeviceEventKind.Connected, -90, true), Event("l-low", DeviceEventKind.Disconnected, -80, false),
                Event("nobody", DeviceEventKind.Connected, -60, true),
            ],
            Token);

        var all = await Health.ListAsync(scope, DeviceCondition.Any, null, "", 100, Token);

        Assert.Equal(["l-busy", "l-low", "l-new", "l-off", "l_odd"], all.Select(item => item.Device.DeviceId).Order(StringComparer.Ordinal));
        var busy = all.Single(item => item.Device.DeviceId == "l-busy");
        Assert.Equal((true, "app/2", "192.0.2.1", _now.AddMinutes(-60)), (busy.Presence!.IsOnline, busy.Presence.Agent, busy.Presence.Address, busy.Presence.Since));
        Assert.Equal((10, 80, _now), (busy.Recent, busy.Last!.Battery, busy.Last.FixTime));
        Assert.Null(all.Single(item => item.Device.DeviceId == "l-new").Presence);
        Assert.Equal(["l-busy"], await IdsAsync(DeviceCondition.Online));
        Assert.Equal(["l-low", "l-new", "l_odd"], await IdsAsync(DeviceCondition.Silent));
        Assert.Equal(["l-off"], await IdsAsync(DeviceCondition.Disabled));
        Assert.Equal(["l-low"], await IdsAsync(DeviceCondition.LowBattery));
        Assert.Equal(["l_odd"], await IdsAsync(DeviceCondition.Any, "_"));
        Assert.Equal(["l-busy"], await IdsAsync(DeviceCondition.Any, "NAME OF L-B"));
        Assert.Equal(new DeviceCounts(5, 1, 3, 1, 1), await Health.CountAsync(scope, Token));
        Assert.Equal(2, (await Health.ListAsync(scope, DeviceCondition.Any, null, "l-low", 2, Token)).Count);
        Assert.Empty(await Health.ListAsync(TenantScope.Of("other"), DeviceCondition.Any, null, "", 100, Token));

        async Task<IEnumerable<string>> IdsAsync(DeviceCondition condition, string? search = null) =>
            (await Health.ListAsync(scope, condition, search, "", 100, Token))
                .Select(item => item.Device.DeviceId).Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task Presence_is_that_of_the_newest_event_however_often_and_late_they_come()
    {
        await CreateAsync("order", "o-1");
        var first = Event("o-1", DeviceEventKind.Connected, -10, true) with { Agent = "app/1", Address = "192.0.2.9" };
        var left = Event("o-1", DeviceEventKind.Disconnected, -3, false) with { Reason = "network" };

        await Events.WriteAsync([first], Token);
        await Events.WriteAsync([left, Event("o-1", DeviceEventKind.Connected, -5, true)], Token);
        await Events.WriteAsync([first, left], Token);
        // Who guesses at a secret does not bring a device online, or send it away.
        await Events.WriteAsync([Event("o-1", DeviceEventKind.Refused, -1, false) with { Reason = "credentials" }], Token);

        var found = await Health.FindAsync(TenantScope.Of("order"), "o-1", Token);
        Assert.Equal((false, _now.AddMinutes(-3)), (found!.Presence!.IsOnline, found.Presence.Since));
        Assert.Equal(("app/1", "192.0.2.9"), (found.Presence.Agent, found.Presence.Address));
        Assert.Equal(4, await database.QueryAsync<long>(
            "SELECT count(*) FROM device_events JOIN devices USING (device_key) WHERE device_id = 'o-1'"));
        Assert.Null(await Health.FindAsync(TenantScope.Of("list"), "o-1", Token));
    }

    [Fact]
    public async Task A_timeline_holds_what_happened_and_how_the_device_reported()
    {
        await CreateAsync("time", "t-1");
        await Events.WriteAsync(
            [
                Event("t-1", DeviceEventKind.Connected, -50, true) with { ClientId = "c", Address = "192.0.2.9", Protocol = "MQTT 5, tls" },
                Event("t-1", DeviceEventKind.Connected, -2_000, true),
            ],
            Token);
        await database.DeadLetters(1_000).WriteAsync(
            [new RejectedPayload("t-1", "art/devices/t-1/position", _now.AddMinutes(-40), "position_malformed", "Not JSON.", new byte[1])], Token);
        await ReportAsync("t-1", battery: 50, [_now.AddMinutes(-45), _now.AddMinutes(-44.9), _now.AddMinutes(-10)]);
        var scope = TenantScope.Of("time");

        var entries = await Timeline.ReadEntriesAsync(scope, "t-1", _now.AddHours(-1), _now, 10, true, Token);
        var parts = await Timeline.ReadPartsAsync(scope, "t-1", _now.AddHours(-1), _now, Token);

        Assert.Equal(
            [("dead_letter", "position_malformed", "Not JSON."), ("connected", "", "c, 192.0.2.9, MQTT 5, tls")],
            entries.Select(entry => (entry.Kind, entry.Reason, entry.Detail)));
        var without = await Timeline.ReadEntriesAsync(scope, "t-1", _now.AddHours(-1), _now, 10, false, Token);
        Assert.Equal("c, MQTT 5, tls", without[^1].Detail);
        Assert.Equal([2, 1], parts.Select(part => part.Positions));
        Assert.All(parts, part => Assert.Equal((50, 2.0), (part.Battery, part.MaxLag)));
        Assert.Empty(await Timeline.ReadEntriesAsync(TenantScope.Of("x"), "t-1", _now.AddHours(-1), _now, 10, true, Token));
        Assert.Empty(await Timeline.ReadPartsAsync(TenantScope.Of("x"), "t-1", _now.AddHours(-1), _now, Token));
    }

    private static DeviceEvent Event(string deviceId, DeviceEventKind kind, int minutes, bool isOnline) =>
        new(deviceId, kind, _now.AddMinutes(minutes), isOnline);

    private async Task CreateAsync(string tenant, params string[] deviceIds)
    {
        foreach (var id in deviceIds)
        {
            await database.Devices.CreateAsync(id, $"Name of {id}", new byte[] { 1 }, Token, tenant);
        }
    }

    private async Task ReportAsync(string deviceId, int battery, DateTimeOffset[] times)
    {
        var device = await database.Devices.FindAsync(deviceId, Token);
        await database.WriteAsync(
            [.. times.Select(at => new ReceivedPositions(
                device!.Key, deviceId, PositionRole.Device, null, at.AddSeconds(2),
                [new ReceivedPosition(new Position(48.1, 11.5, at) { Battery = (byte)battery, Speed = 3 }, false)]))],
            Token);
    }
}
