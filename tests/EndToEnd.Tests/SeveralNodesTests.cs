using System.Net;
using System.Net.Sockets;
using ArtMqtt.EndToEnd.Tests.Browsers;
using ArtMqtt.EndToEnd.Tests.Publishers;
using ArtMqtt.EndToEnd.Tests.Servers;
using ArtMqtt.EndToEnd.Tests.Watchers;
using ArtMqtt.TestKit;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>Nodes that share a database and Redis, behind HAProxy, and are killed.</summary>
public sealed class SeveralNodesTests(TimescaleServer server, Chromium chromium) : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Watchers_miss_and_double_nothing_while_nodes_and_redis_are_killed()
    {
        Programs.Require("redis-server");
        using var redis = await RedisServer.StartNewAsync(Token);
        var database = await server.CreateDatabaseAsync();
        await using var one = new NodeProcess(database);
        await using var other = new NodeProcess(database);
        await StartAsync(one, redis);
        CopySecrets(one, other);
        await StartAsync(other, redis);
        using var proxy = HaProxy.Start([one, other]);
        using var dispatcher = new Dispatcher(one);
        var job = await dispatcher.CreateJobAsync(48.137, 11.575);
        await AssertTakenOverAsync(one, other, dispatcher, job);
        await using var here = await SdkWatcher.StartAsync(chromium, one.Address, job);
        await using var there = await SdkWatcher.StartAsync(chromium, other.Address, job);
        await using var anywhere = await SdkWatcher.StartAsync(chromium, proxy.Address, job);
        SdkWatcher[] watchers = [here, there, anywhere];
        using var vehicle = new VehicleAgent(job.Device, proxy.MqttPort, Path.Combine(_folder.Path, "spool")) { IsLive = true };
        vehicle.Start();
        await DriveAsync(vehicle, watchers);

        // The vehicle is on one of the two; whoever watches on the other one needs both.
        await other.KillAsync();
        await vehicle.TellAsync(2);
        await StartAsync(other, redis);
        await DriveAsync(vehicle, watchers);

        redis.Kill();
        await dispatcher.MoveOnAsync(job, "arrived");
        await vehicle.TellAsync(2);
        await vehicle.DeliveredAllAsync();
        await redis.StartAsync(Token);
        await DriveAsync(vehicle, watchers);

        await one.KillAsync();
        await vehicle.TellAsync(2);
        await StartAsync(one, redis);
        await dispatcher.MoveOnAsync(job, "in_progress");
        await DriveAsync(vehicle, watchers);
        await dispatcher.MoveOnAsync(job, "completed");

        foreach (var watcher in watchers)
        {
            await Soon.TrueAsync("the end", async () => (await watcher.StatusesAsync())[^1] == "completed");
            Assert.Equal(["en_route", "arrived", "in_progress", "completed"], await watcher.StatusesAsync());
            var fixes = await watcher.FixesAsync();
            Assert.Equal(fixes.Order().Distinct(), fixes);
        }

        await one.DrainedAsync();
        await other.DrainedAsync();
        var stored = await new PositionTable(database).PositionsAsync(job.Device.DeviceId);
        Assert.Equal(vehicle.Told, stored.Select(row => row.Time).Order());
    }

    // The device comes to another node before the first one has noticed that it is gone.
    private static async Task AssertTakenOverAsync(NodeProcess one, NodeProcess other, Dispatcher dispatcher, Job job)
    {
        using var first = await ConnectAsync(one, job.Device);
        using var second = await ConnectAsync(other, job.Device);
        await Soon.TrueAsync("the end of the first connection", async () => await first.GetStream().ReadAsync(new byte[1], Token) == 0);
        var presence = (await dispatcher.EventsAsync(job)).GetProperty("snapshot").GetProperty("presence");
        Assert.Equal("online", presence.GetProperty("state").GetString());
    }

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

    private static Task StartAsync(NodeProcess node, RedisServer redis) => node.StartAsync(
        "--ConnectionStrings:Redis", redis.Configuration, "--Live:Redis:RetryInterval", "00:00:00.200");

    private static void CopySecrets(NodeProcess from, NodeProcess to)
    {
        var folder = Directory.CreateDirectory(Path.Combine(to.DataFolder, "secrets"));
        foreach (var secret in Directory.GetFiles(Path.Combine(from.DataFolder, "secrets")))
        {
            File.Copy(secret, Path.Combine(folder.FullName, Path.GetFileName(secret)));
        }
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
}
