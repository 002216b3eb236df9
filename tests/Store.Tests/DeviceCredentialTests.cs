using System.Diagnostics;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Store.Devices;
using ArtMqtt.TestKit;

namespace ArtMqtt.Store.Tests;

/// <summary>What changes a device's credentials, and how fast every node knows.</summary>
public sealed class DeviceCredentialTests(TimescaleServer server) : IAsyncLifetime
{
    private static readonly byte[] _old = [1, 2, 3];
    private static readonly byte[] _new = [4, 5, 6];
    private readonly TestFolder _folder = new();
    private string _connectionString = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string SnapshotFile => Path.Combine(_folder.Path, "fleet.json");

    public async ValueTask InitializeAsync() => _connectionString = await server.CreateDatabaseAsync();

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_rotated_secret_overlaps_until_it_is_ended()
    {
        await using var node = await StartAsync();
        var devices = node.Get<DeviceRepository>();
        await devices.CreateAsync("van-1", null, _old, Token);

        var before = TimeProvider.System.GetUtcNow();
        var record = await devices.RotateSecretAsync("van-1", _new, TimeSpan.FromHours(1), Token);
        var device = node.Fleet.FindDevice("van-1")!;

        Assert.InRange(
            record!.PreviousSecretUntil!.Value - before, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(61));
        Assert.Equal(_new, device.SecretHash.ToArray());
        Assert.Equal(_old, device.PreviousSecretHash.ToArray());
        Assert.True(device.AcceptsPreviousSecret(before.AddMinutes(58)));
        Assert.False(device.AcceptsPreviousSecret(before.AddMinutes(62)));

        Assert.Null((await devices.EndPreviousSecretAsync("van-1", Token))!.PreviousSecretUntil);
        Assert.False(node.Fleet.FindDevice("van-1")!.AcceptsPreviousSecret(before));
        Assert.Null(await devices.EndPreviousSecretAsync("nobody", Token));
    }

    [Fact]
    public async Task Without_overlap_the_old_secret_ends_with_the_call()
    {
        await using var node = await StartAsync();
        var devices = node.Get<DeviceRepository>();
        await devices.CreateAsync("van-2", null, _old, Token);
        await devices.RotateSecretAsync("van-2", _new, TimeSpan.FromHours(1), Token);

        var record = await devices.RotateSecretAsync("van-2", new byte[] { 7 }, TimeSpan.Zero, Token);

        Assert.Null(record!.PreviousSecretUntil);
        Assert.True(node.Fleet.FindDevice("van-2")!.PreviousSecretHash.IsEmpty);
    }

    [Fact]
    public async Task The_kept_file_holds_all_of_a_device()
    {
        FleetDevice known;
        await using (var before = await StartAsync())
        {
            var devices = before.Get<DeviceRepository>();
            await devices.CreateAsync("van-3", null, _old, Token);
            await devices.RotateSecretAsync("van-3", _new, TimeSpan.FromHours(1), Token);
            await devices.PinCertificateAsync("van-3", new byte[32], Token);
            await devices.SetEnabledAsync("van-3", false, Token);
            known = before.Fleet.FindDevice("van-3")!;
        }

        await using var node = new StoreNode("Host=127.0.0.1;Port=1;Timeout=1", SnapshotFile);
        await node.StartAsync();
        var device = node.Fleet.FindDevice("van-3")!;

        Assert.Equal(known.PreviousSecretHash.ToArray(), device.PreviousSecretHash.ToArray());
        Assert.Equal(known.PreviousSecretUntil, device.PreviousSecretUntil);
        Assert.Equal(32, device.CertificateHash.Length);
        Assert.Equal((false, 4), (device.IsEnabled, device.Version));
    }

    [Fact]
    public async Task Removes_only_what_was_never_used()
    {
        await using var node = await StartAsync();
        var devices = node.Get<DeviceRepository>();
        var used = await devices.CreateAsync("used", null, _old, Token);
        await devices.CreateAsync("fresh", null, _old, Token);
        await node.ExecuteAsync($"""
            INSERT INTO positions (device_key, fix_time, received_at, role, lat, lng)
            VALUES ({used!.Key}, now(), now(), 0, 1, 2)
            """);

        Assert.Equal(DeviceRemoval.InUse, await devices.RemoveAsync("used", Token));
        Assert.Equal(DeviceRemoval.Removed, await devices.RemoveAsync("fresh", Token));
        Assert.Equal(DeviceRemoval.NotFound, await devices.RemoveAsync("fresh", Token));
        Assert.Null(node.Fleet.FindDevice("fresh"));

        await devices.CreateAsync("fresh", null, _new, Token);
        Assert.Equal(_new, node.Fleet.FindDevice("fresh")!.SecretHash.ToArray());
    }

    [Fact]
    public async Task A_change_through_one_node_is_known_on_the_other_within_300_ms()
    {
        await using var here = await StartAsync();
        await using var there = await StartAsync();
        var devices = there.Get<DeviceRepository>();
        await devices.CreateAsync("van-4", null, _old, Token);
        await Eventually.TrueAsync(() => here.Fleet.FindDevice("van-4") is not null, Token);

        var delays = new List<double>();
        for (var i = 0; i < 20; i++)
        {
            var version = here.Fleet.Version;
            var started = Stopwatch.GetTimestamp();
            var record = await devices.SetEnabledAsync("van-4", i % 2 == 1, Token);
            while (here.Fleet.FindDevice("van-4")!.IsEnabled != record!.IsEnabled)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, Token);
            }

            delays.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            Assert.NotEqual(version, here.Fleet.Version);
        }

        delays.Sort();
        TestContext.Current.TestOutputHelper!.WriteLine($"Median {delays[10]:F1} ms, worst {delays[^1]:F1} ms.");
        Assert.True(delays[10] < 300, $"Median {delays[10]:F1} ms.");
    }

    private async Task<StoreNode> StartAsync()
    {
        var node = new StoreNode(_connectionString, SnapshotFile);
        await node.StartAsync();
        await Eventually.TrueAsync(() => node.Fleet.IsCurrent, Token);
        return node;
    }
}
