using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using ArtMqtt.EndToEnd.Tests.Browsers;
using ArtMqtt.EndToEnd.Tests.Publishers;
using ArtMqtt.EndToEnd.Tests.Servers;
using ArtMqtt.EndToEnd.Tests.Watchers;
using ArtMqtt.TestKit;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>Nodes that share a database and Redis, behind HAProxy, and are killed.</summary>
public sealed class SeveralNodesTests(TimescaleServer server, Chromium chromium, ITestOutputHelper output) : IDisposable
{
    private const string LongRun = "ARTMQTT_NODES_SECONDS";
    private static readonly string[] _statuses = ["en_route", "arrived", "in_progress", "completed"];
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Watchers_miss_and_double_nothing_while_nodes_and_redis_are_killed()
    {
        var database = await server.CreateDatabaseAsync();
        await using var cluster = await Cluster.StartAsync(database, nodes: 2);
        var (one, other) = (cluster.Nodes[0], cluster.Nodes[1]);
        using var dispatcher = new Dispatcher(one);
        var job = await dispatcher.CreateJobAsync(48.137, 11.575);
        await AssertTakenOverAsync(one, other, dispatcher, job);
        var (device, connection) = await AssertClientsAreKnownAsync(one, other, dispatcher);
        using var connected = connection;
        await using var here = await SdkWatcher.StartAsync(chromium, one.Address, job);
        await using var there = await SdkWatcher.StartAsync(chromium, other.Address, job);
        await using var anywhere = await SdkWatcher.StartAsync(chromium, cluster.Proxy.Address, job);
        SdkWatcher[] watchers = [here, there, anywhere];
        using var vehicle = StartVehicle(cluster, job);
        await DriveAsync(vehicle, watchers);

        // The vehicle is on one of the two; whoever watches on the other one needs both.
        await other.KillAsync();
        await vehicle.TellAsync(2);
        await AssertMissedAsync(one, device);
        await cluster.StartAsync(other);
        await DriveAsync(vehicle, watchers);

        cluster.Redis.Kill();
        await dispatcher.MoveOnAsync(job, "arrived");
        await vehicle.TellAsync(2);
        await vehicle.DeliveredAllAsync();
        await cluster.Redis.StartAsync(Token);
        await DriveAsync(vehicle, watchers);

        await one.KillAsync();
        await vehicle.TellAsync(2);
        await cluster.StartAsync(one);
        await dispatcher.MoveOnAsync(job, "in_progress");
        await DriveAsync(vehicle, watchers);
        await dispatcher.MoveOnAsync(job, "completed");

        await AssertToldAsync(watchers, _statuses);
        await AssertStoredAsync(cluster, database, job, vehicle);
    }

    [Fact]
    public async Task Any_server_is_killed_again_and_again()
    {
        Assert.SkipUnless(
            int.TryParse(Environment.GetEnvironmentVariable(LongRun), CultureInfo.InvariantCulture, out var seconds),
            $"Takes as long as {LongRun} says; bench/README.md.");
        const int Jobs = 3;
        await using var own = new TimescaleServer();
        var database = await own.CreateDatabaseAsync();
        await using var cluster = await Cluster.StartAsync(database, nodes: 3);
        using var dispatcher = new Dispatcher(cluster.Proxy.Address, cluster.Nodes[0]);
        var drives = new List<(Job Job, VehicleAgent Vehicle, SdkWatcher Watcher)>();
        for (var i = 0; i < Jobs; i++)
        {
            var job = await dispatcher.CreateJobAsync(48.137, 11.575);
            drives.Add((job, StartVehicle(cluster, job), await SdkWatcher.StartAsync(chromium, cluster.Proxy.Address, job)));
        }

        var random = new Random(1);
        var told = new List<string> { _statuses[0] };
        var recoveries = new Dictionary<string, List<TimeSpan>>();
        var started = TimeProvider.System.GetTimestamp();
        for (var round = 0; TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(seconds); round++)
        {
            var broken = TimeProvider.System.GetTimestamp();
            var what = await BreakAsync(cluster, own, random.Next(5), random, drives.ConvertAll(drive => drive.Vehicle));
            var repaired = TimeProvider.System.GetTimestamp();
            await Task.WhenAll(drives.Select(drive => DriveAsync(drive.Vehicle, [drive.Watcher])));
            recoveries.TryAdd(what, []);
            recoveries[what].Add(TimeProvider.System.GetElapsedTime(repaired));
            output.WriteLine($"{what}: out for {TimeProvider.System.GetElapsedTime(broken, repaired).TotalSeconds:0.0} s, all shown after {recoveries[what][^1].TotalSeconds:0.0} s");
            if (round % 4 == 3 && told.Count < _statuses.Length - 1)
            {
                told.Add(_statuses[told.Count]);
                foreach (var (job, _, _) in drives)
                {
                    await dispatcher.MoveOnAsync(job, told[^1]);
                }
            }
        }

        foreach (var (job, vehicle, watcher) in drives)
        {
            await dispatcher.MoveOnAsync(job, "completed");
            await AssertToldAsync([watcher], [.. told, "completed"]);
            await AssertStoredAsync(cluster, database, job, vehicle);
            await watcher.DisposeAsync();
            vehicle.Dispose();
        }

        foreach (var (what, times) in recoveries)
        {
            output.WriteLine(
                $"| {what} | {times.Count} | {times.Order().ElementAt(times.Count / 2).TotalSeconds:0.0} | {times.Max().TotalSeconds:0.0} |");
        }
    }

    private static async Task<string> BreakAsync(
        Cluster cluster, TimescaleServer database, int what, Random random, IReadOnlyList<VehicleAgent> vehicles)
    {
        switch (what)
        {
            case 0:
                cluster.Redis.Kill();
                await TellAsync(vehicles);
                await cluster.Redis.StartAsync(Token);
                return "Redis killed";
            case 1:
                cluster.Redis.Stall();
                await TellAsync(vehicles);
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(5_000)), TimeProvider.System, Token);
                cluster.Redis.GoOn();
                return "Redis silent";
            case 2:
                using (var postmaster = Process.GetProcessById(database.ProcessId))
                {
                    postmaster.Kill();
                }

                await TellAsync(vehicles);
                await database.StartAsync();
                return "PostgreSQL killed";
            default:
                var node = cluster.Nodes[random.Next(cluster.Nodes.Count)];
                await node.KillAsync();
                await TellAsync(vehicles);
                cluster.Launch(node);
                return "node killed";
        }
    }

    private static async Task TellAsync(IReadOnlyList<VehicleAgent> vehicles)
    {
        foreach (var vehicle in vehicles)
        {
            await vehicle.TellAsync(2);
        }
    }

    private VehicleAgent StartVehicle(Cluster cluster, Job job)
    {
        var vehicle = new VehicleAgent(job.Device, cluster.Proxy.MqttPort, Path.Combine(_folder.Path, job.Device.DeviceId)) { IsLive = true };
        vehicle.Start();
        return vehicle;
    }

    // Until everybody is shown where the vehicle is now.
    private static async Task DriveAsync(VehicleAgent vehicle, SdkWatcher[] watchers)
    {
        await vehicle.TellAsync(3);
        await vehicle.DeliveredAllAsync();
        var now = vehicle.Told[^1];
        foreach (var watcher in watchers)
        {
            await Soon.TrueAsync(
                "the newest place on all pages", async () => await watcher.FixesAsync() is [.., var last] && last == now);
        }
    }

    private static async Task AssertToldAsync(SdkWatcher[] watchers, IReadOnlyList<string> expected)
    {
        foreach (var watcher in watchers)
        {
            await Soon.TrueAsync("the end", async () => (await watcher.StatusesAsync())[^1] == "completed");
            Assert.Equal(expected, await watcher.StatusesAsync());
            var fixes = await watcher.FixesAsync();
            Assert.Equal(fixes.Order().Distinct(), fixes);
        }
    }

    private static async Task AssertStoredAsync(Cluster cluster, string database, Job job, VehicleAgent vehicle)
    {
        foreach (var node in cluster.Nodes)
        {
            await node.DrainedAsync();
        }

        var stored = await new PositionTable(database).PositionsAsync(job.Device.DeviceId);
        Assert.Equal(vehicle.Told, stored.Select(row => row.Time).Order());
    }

    // The device comes to another node before the first one has noticed that it is gone.
    private static async Task AssertTakenOverAsync(NodeProcess one, NodeProcess other, Dispatcher dispatcher, Job job)
    {
        using var first = await ConnectAsync(one, job.Device);
        using var second = await ConnectAsync(other, job.Device);
        await EndedAsync(first);
        var presence = (await dispatcher.EventsAsync(job)).GetProperty("snapshot").GetProperty("presence");
        Assert.Equal("online", presence.GetProperty("state").GetString());
    }

    // A client of one node is seen on another, and sent away from there, by hand and because its device is disabled.
    private static async Task<(Credential Device, TcpClient Connection)> AssertClientsAreKnownAsync(NodeProcess one, NodeProcess other, Dispatcher dispatcher)
    {
        var device = await dispatcher.CreateDeviceAsync();
        using var first = await ConnectAsync(other, device);
        var client = default(JsonElement);
        await Soon.TrueAsync("the client of the other node", async () =>
        {
            var page = await ReadAsync(one, $"/api/clients?search={device.DeviceId}");
            client = page.GetProperty("items").EnumerateArray().SingleOrDefault();
            return page.GetProperty("silent").GetArrayLength() == 0 && client.ValueKind == JsonValueKind.Object;
        });
        var nodes = (await ReadAsync(one, "/api/nodes")).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(2, nodes.Count);
        Assert.Equal(client.GetProperty("node").GetString(), nodes.Single(node => !node.GetProperty("isThis").GetBoolean()).GetProperty("name").GetString());
        await one.DeleteAsync($"/api/clients/{client.GetProperty("id").GetString()}", one.Secret("admin-token"));
        await EndedAsync(first);

        using var second = await ConnectAsync(other, device);
        await dispatcher.SetEnabledAsync(device, isEnabled: false);
        await EndedAsync(second);
        await dispatcher.SetEnabledAsync(device, isEnabled: true);
        var third = await ConnectAsync(other, device);
        await PresenceAsync(one, device, isOnline: true);
        return (device, third);
    }

    private async Task AssertMissedAsync(NodeProcess one, Credential left)
    {
        await using var watched = await chromium.OpenAsync(Viewport.Desktop);
        var page = watched.Page;
        await page.GotoAsync(new Uri(one.Address, "/admin?view=system").ToString());
        await page.FillAsync("[name=token]", one.Secret("admin-token"));
        await page.ClickAsync("[type=submit]");
        await page.WaitForSelectorAsync(".system-nodes .pill:has-text('Missing')");
        Assert.Equal(1, await page.Locator(".system-nodes .pill.is-good, .system-nodes .pill.is-warn").CountAsync());
        await Axe.AssertCleanAsync(page, "nodes");
        await watched.ShootAsync("admin-nodes");
        await page.SetViewportSizeAsync(360, 740);
        Assert.Equal(0, await page.EvaluateAsync<int>("(view => view.scrollWidth - view.clientWidth)(document.querySelector('.shell-view'))"));
        await watched.ShootAsync("admin-nodes-360");
        await PresenceAsync(one, left, isOnline: false);
    }

    private static Task PresenceAsync(NodeProcess node, Credential device, bool isOnline) =>
        Soon.TrueAsync($"a device that is {(isOnline ? "online" : "offline")}", async () =>
            (await ReadAsync(node, $"/api/device-health/{device.DeviceId}")).GetProperty("device").GetProperty("presence").GetString() == (isOnline ? "online" : "offline"));

    private static async Task<JsonElement> ReadAsync(NodeProcess node, string path)
    {
        using var answer = await node.GetAsync(path, node.Secret("admin-token"));
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Token);
    }

    private static Task EndedAsync(TcpClient client) => Soon.TrueAsync("the end of a connection", async () =>
    {
        try
        {
            return await client.GetStream().ReadAsync(new byte[1], Token) == 0;
        }
        catch (IOException)
        {
            return true;
        }
    });

    private static async Task<TcpClient> ConnectAsync(NodeProcess node, Credential device)
    {
        var client = new TcpClient();
        await Soon.TrueAsync("a node that knows the device", async () =>
        {
            try
            {
                client.Dispose();
                client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, node.MqttPort, Token);
                await new MqttWire(client.GetStream()).ConnectAsync(device, Token);
                return true;
            }
            catch (IOException)
            {
                return false;
            }
        });
        return client;
    }
}
