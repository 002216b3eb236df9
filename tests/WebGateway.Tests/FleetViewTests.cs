using System.Buffers.Binary;
using System.Text.Json;
using System.Threading.Channels;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Live.Fleet;
using ArtMqtt.Store.Devices;
using ArtMqtt.TestKit;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>The whole fleet on one map: frames of what is in view.</summary>
public sealed class FleetViewTests(RealtimeGateway gateway) : IClassFixture<RealtimeGateway>
{
    // To the millisecond, as positions are.
    private static readonly DateTimeOffset _start =
        DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().AddMinutes(-1).ToUnixTimeMilliseconds());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private FleetPlaces Places => gateway.Services.GetRequiredService<FleetPlaces>();

    [Fact]
    public async Task A_viewer_gets_all_that_is_in_view_and_then_what_moves()
    {
        var (near, far) = (await CreateAsync(), await CreateAsync());
        Offer(near, 1, 48.1, 11.5, new Position { Speed = 13.25f, Heading = 359.5f, Battery = 80 });
        Offer(far, 1, -33, 151);
        await using var viewer = await Viewer.OpenAsync(gateway, Dispatcher());

        await viewer.WatchAsync(11, 48, 12, 49);
        var whole = await viewer.NextAsync();
        Assert.True(whole.IsWhole);
        var vehicle = Assert.Single(whole.Vehicles, v => v.Key == near.Key);
        Assert.Equal((48.1, 11.5, 13.25, 359.5, 80, 255), (vehicle.Lat, vehicle.Lng, vehicle.Speed, vehicle.Heading, vehicle.Battery, vehicle.Status));
        Assert.Equal(_start.AddSeconds(1).ToUnixTimeMilliseconds(), whole.MadeAt - vehicle.Age, precision: 0);
        Assert.DoesNotContain(whole.Vehicles, v => v.Key == far.Key);

        Offer(far, 2, -33.1, 151);
        Offer(near, 0, 48.9, 11.5);
        Offer(near, 2, 48.2, 11.6);
        var moved = await viewer.NextAsync();
        Assert.False(moved.IsWhole);
        vehicle = Assert.Single(moved.Vehicles);
        Assert.Equal((near.Key, 48.2, 11.6, 655.35, 655.35, 255), (vehicle.Key, vehicle.Lat, vehicle.Lng, vehicle.Speed, vehicle.Heading, vehicle.Battery));

        await viewer.WatchAsync(150, -34, 152, -32);
        var elsewhere = await viewer.NextAsync();
        Assert.True(elsewhere.IsWhole);
        Assert.Contains(elsewhere.Vehicles, v => v.Key == far.Key);
        Assert.DoesNotContain(elsewhere.Vehicles, v => v.Key == near.Key);
    }

    [Fact]
    public async Task A_box_over_the_date_line_and_an_empty_one_are_frames_too()
    {
        var device = await CreateAsync();
        Offer(device, 1, -17, 179.9);
        await using var viewer = await Viewer.OpenAsync(gateway, Dispatcher());

        await viewer.WatchAsync(179, -18, -179, -16);
        Assert.Contains((await viewer.NextAsync()).Vehicles, v => v.Key == device.Key);
        await viewer.WatchAsync(-60, 80, -50, 81);
        var empty = await viewer.NextAsync();
        Assert.True(empty.IsWhole);
        Assert.Empty(empty.Vehicles);
    }

    [Fact]
    public async Task What_a_vehicle_does_is_told_without_a_new_position()
    {
        var device = await CreateAsync();
        Offer(device, 1, 10, 10);
        await using var viewer = await Viewer.OpenAsync(gateway, Dispatcher());
        await viewer.WatchAsync(9, 9, 11, 11);
        Assert.Equal(255, (await viewer.NextAsync()).Vehicles.Single(v => v.Key == device.Key).Status);

        var (id, _) = await gateway.CreateRequestAsync();
        Assert.Equal(200, (await gateway.CallAsync("POST", $"/api/requests/{id}/assign", $$"""{"deviceId":"{{device.DeviceId}}"}""")).Status);
        await viewer.UntilAsync(v => v.Key == device.Key && v.Status == 1);
        await gateway.SetStatusAsync(id, "en_route");
        await viewer.UntilAsync(v => v.Key == device.Key && v.Status == 2);

        var told = await viewer.DescribeAsync(device.Key, device.Key, 2_000_000_000);
        var info = Assert.Single(told.EnumerateArray());
        Assert.Equal((device.Key, device.DeviceId), (info.GetProperty("key").GetInt32(), info.GetProperty("deviceId").GetString()));
        Assert.Equal((id.ToString(), "en_route"), (info.GetProperty("requestId").GetString(), info.GetProperty("status").GetString()));
        await gateway.SetStatusAsync(id, "arrived", "in_progress", "completed");
        await viewer.UntilAsync(v => v.Key == device.Key && v.Status == 255);
    }

    [Fact]
    public async Task What_reports_to_another_node_comes_from_the_database()
    {
        var device = await CreateAsync();
        await using var viewer = await Viewer.OpenAsync(gateway, Dispatcher());
        await viewer.WatchAsync(59, 59, 61, 61);
        await viewer.NextAsync();

        await gateway.StoreAsync(device.DeviceId, null, Gateway.PositionAt(5, 60, 60));
        await viewer.UntilAsync(v => v.Key == device.Key && v.Lat == 60);
        await gateway.StoreAsync(device.DeviceId, null, Gateway.PositionAt(6, 60.5, 60));
        await viewer.UntilAsync(v => v.Key == device.Key && v.Lat == 60.5);
    }

    [Fact]
    public async Task A_vehicle_whose_place_is_known_before_the_vehicle_is_shown_all_the_same()
    {
        await using var other = await gateway.StartAnotherAsync([.. RealtimeGateway.TokenSettings, ("Gateway:Fleet:FrameInterval", "00:00:00.1")]);
        var places = other.Services.GetRequiredService<FleetPlaces>();
        await using var viewer = await Viewer.OpenAsync(other, Dispatcher());
        await viewer.WatchAsync(29, -61, 31, -59);
        await viewer.NextAsync();

        // Keys are counted up: these are the next ones, whoever else makes some.
        var known = await CreateAsync();
        var next = known.Key + 1;
        foreach (var key in Enumerable.Range(next, 20))
        {
            places.Offer(key, new Position(-60, 30, _start));
        }

        // With a frame that tells of this one, they were passed over.
        places.Offer(known.Key, new Position(-60, 30, _start));
        await viewer.UntilAsync(v => v.Key == known.Key);
        var device = await CreateAsync();
        Assert.InRange(device.Key, next, next + 19);
        await viewer.UntilAsync(v => v.Key == device.Key);
    }

    [Fact]
    public async Task Nobody_sees_the_fleet_of_another_firm()
    {
        var (acme, other) = (await CreateAsync("acme"), await CreateAsync("other"));
        Offer(acme, 1, -40, -40);
        Offer(other, 1, -40, -40);
        foreach (var (token, mine, theirs) in new[]
        {
            (Dispatcher("acme"), acme, other), (Dispatcher("other"), other, acme), (Sign("analyst", "acme"), acme, other),
        })
        {
            await using var viewer = await Viewer.OpenAsync(gateway, token);
            await viewer.WatchAsync(-180, -90, 180, 90);
            var seen = await viewer.NextAsync();
            Assert.Contains(seen.Vehicles, v => v.Key == mine.Key);
            Assert.DoesNotContain(seen.Vehicles, v => v.Key == theirs.Key);
            Assert.Equal(mine.Key, Assert.Single((await viewer.DescribeAsync(mine.Key, theirs.Key)).EnumerateArray()).GetProperty("key").GetInt32());
        }

        await using var all = await Viewer.OpenAsync(gateway, gateway.Admin.ToString());
        await all.WatchAsync(-41, -41, -39, -39);
        Assert.Equal(2, (await all.NextAsync()).Vehicles.Count(v => v.Key == acme.Key || v.Key == other.Key));
    }

    [Fact]
    public async Task Customers_and_devices_see_no_fleet_and_a_box_must_be_one()
    {
        var (id, customer, deviceId) = await gateway.CreateAssignedAsync();
        foreach (var token in new[] { customer, RealtimeGateway.Sign(("role", "device"), ("sub", deviceId)) })
        {
            await using var stranger = await Viewer.OpenAsync(gateway, token);
            await RefusedAsync("dispatcher_only", () => stranger.WatchAsync(0, 0, 1, 1));
            await RefusedAsync("dispatcher_only", () => stranger.DescribeAsync(1));
        }

        Assert.NotEqual(Guid.Empty, id);
        await using var viewer = await Viewer.OpenAsync(gateway, Dispatcher());
        await RefusedAsync("invalid_request", () => viewer.WatchAsync(0, 1, 1, 0));
        await RefusedAsync("invalid_request", () => viewer.WatchAsync(0, 0, 181, 1));
        await RefusedAsync("invalid_request", () => viewer.DescribeAsync([.. Enumerable.Range(1, 1_001)]));
    }

    [Fact]
    public async Task More_than_a_frame_holds_follows_and_a_node_shows_it_to_so_many()
    {
        await using var small = await gateway.StartAnotherAsync(
            ("Gateway:Fleet:MaxVehiclesPerFrame", "2"), ("Gateway:Fleet:FrameInterval", "00:00:00.1"), ("Gateway:Fleet:MaxViewers", "1"));
        var keys = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            var device = await CreateAsync();
            keys.Add(device.Key);
            await gateway.StoreAsync(device.DeviceId, null, Gateway.PositionAt(i, 70, 70));
        }

        await using var viewer = await Viewer.OpenAsync(small, small.Dispatcher.ToString());
        await viewer.WatchAsync(69, 69, 71, 71);
        var seen = new List<int>();
        while (keys.Except(seen).Any())
        {
            var frame = await viewer.NextAsync();
            Assert.InRange(frame.Vehicles.Count, 0, 2);
            seen.AddRange(frame.Vehicles.Select(v => v.Key));
        }

        Assert.Equal(seen.Count, seen.Distinct().Count());
        await using var second = await Viewer.OpenAsync(small, small.Dispatcher.ToString());
        await RefusedAsync("too_many_connections", () => second.WatchAsync(0, 0, 1, 1));
        await viewer.DisposeAsync();
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                await second.WatchAsync(0, 0, 1, 1);
                return true;
            }
            catch (HubException)
            {
                return false;
            }
        }, Token);
    }

    private static async Task RefusedAsync(string code, Func<Task> call) =>
        Assert.Contains($"{code}: ", (await Assert.ThrowsAsync<HubException>(call)).Message, StringComparison.Ordinal);

    private static string Dispatcher(string tenant = "") => Sign("dispatcher", tenant);

    private static string Sign(string role, string tenant) => tenant.Length == 0
        ? RealtimeGateway.Sign(("role", role), ("sub", "somebody"))
        : RealtimeGateway.Sign(("role", role), ("sub", "somebody"), ("tenant", tenant));

    private async Task<(int Key, string DeviceId)> CreateAsync(string tenant = "")
    {
        var deviceId = $"truck-{Guid.NewGuid():N}";
        var answer = await gateway.CallAsync(
            "POST", "/api/devices", JsonSerializer.Serialize(new { deviceId, tenant }), gateway.Admin.ToString());
        Assert.Equal(201, answer.Status);
        return ((await gateway.Services.GetRequiredService<DeviceRepository>().FindAsync(deviceId, Token))!.Key, deviceId);
    }

    private void Offer((int Key, string DeviceId) device, int second, double latitude, double longitude, Position more = default) =>
        Places.Offer(device.Key, more with
        {
            Latitude = latitude,
            Longitude = longitude,
            FixTime = _start.AddSeconds(second),
        });

    private sealed record Frame(bool IsWhole, double MadeAt, IReadOnlyList<Vehicle> Vehicles)
    {
        // As docs/wire-format.md has it.
        public static Frame Read(byte[] bytes)
        {
            Assert.Equal(1, bytes[0]);
            var count = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(4));
            Assert.Equal(16 + (24 * count), bytes.Length);
            return new Frame(
                bytes[1] == 1, BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(8)),
                [.. Enumerable.Range(0, count).Select(i => Vehicle.Read(bytes.AsSpan(16 + (24 * i), 24)))]);
        }
    }

    private sealed record Vehicle(
        int Key, double Lat, double Lng, int Age, double Heading, double Speed, int Status, int Battery)
    {
        public static Vehicle Read(ReadOnlySpan<byte> at) => new(
            BinaryPrimitives.ReadInt32LittleEndian(at), BinaryPrimitives.ReadInt32LittleEndian(at[4..]) / 1e7,
            BinaryPrimitives.ReadInt32LittleEndian(at[8..]) / 1e7, BinaryPrimitives.ReadInt32LittleEndian(at[12..]),
            BinaryPrimitives.ReadUInt16LittleEndian(at[16..]) / 100.0, BinaryPrimitives.ReadUInt16LittleEndian(at[18..]) / 100.0,
            at[20], at[21]);
    }

    private sealed class Viewer(HubConnection connection) : IAsyncDisposable
    {
        private readonly Channel<Frame> _frames = Channel.CreateUnbounded<Frame>();

        public static async Task<Viewer> OpenAsync(Gateway gateway, string token)
        {
            var viewer = new Viewer(await gateway.ConnectAsync(token));
            viewer.Listen();
            return viewer;
        }

        public Task WatchAsync(double west, double south, double east, double north) =>
            connection.InvokeAsync("fleet:watch", west, south, east, north, Token);

        public Task<JsonElement> DescribeAsync(params int[] keys) =>
            connection.InvokeAsync<JsonElement>("fleet:describe", keys, Token);

        public async Task<Frame> NextAsync() => await _frames.Reader.ReadAsync(Token);

        public async Task UntilAsync(Func<Vehicle, bool> isThere)
        {
            while (!(await NextAsync()).Vehicles.Any(isThere))
            {
            }
        }

        public ValueTask DisposeAsync() => connection.DisposeAsync();

        private void Listen() => connection.On<byte[]>("fleet:moved", bytes => _frames.Writer.TryWrite(Frame.Read(bytes)));
    }
}
