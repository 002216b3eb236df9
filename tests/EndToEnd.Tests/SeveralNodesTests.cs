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
    private static readonly string[] _statuses = ["en_route", "arrived", "in_progress", "completed"];
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Watchers_miss_and_double_nothing_while_nodes_and_redis_are_killed_and_all_are_restarted()
    {
        var database = await server.CreateDatabaseAsync();
        await using var cluster = await Cluster.StartAsync(database, nodes: 3);
        var (one, other) = (cluster.Nodes[0], cluster.Nodes[1]);
        using var dispatcher = new Dispatcher(one);
        var job = await dispatcher.CreateJobAsync(48.137, 11.575);
        await AssertTakenOverAsync(one, other, dispatcher, job);
        var here = await SdkWatcher.StartAsync(chromium, one.Address, job);
        var there = await SdkWatcher.StartAsync(chromium, other.Address, job);
        var anywhere = await SdkWatcher.StartAsync(chromium, cluster.Proxy.Address, job);
        await using var drive = new ClusterDrive(job, StartVehicle(cluster, job), [here, there, anywhere]);
        await drive.DriveAsync();

        // The vehicle is on one of the two; whoever watches on the other one needs both.
        await other.KillAsync();
        await drive.TellAsync();
        await cluster.StartAsync(other);
        await drive.DriveAsync();

        cluster.Redis.Kill();
        await dispatcher.MoveOnAsync(job, "arrived");
        await drive.TellAsync();
        await drive.DeliveredAllAsync();
        await cluster.Redis.StartAsync(Token);
        await drive.DriveAsync();

        await one.KillAsync();
        await drive.TellAsync();
        await cluster.StartAsync(one);
        await dispatcher.MoveOnAsync(job, "in_progress");
        await drive.DriveAsync();

        // One after the other, as for a new version. Nobody waits for the vehicle to be still.
        foreach (var node in cluster.Nodes)
        {
            var stopping = node.StopAsync();
            while (!stopping.IsCompleted)
            {
                await drive.TellAsync();
                await Task.WhenAny(stopping, Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Token));
            }

            Assert.True(await stopping == 0, node.Log);
            await cluster.StartAsync(node);
        }

        await drive.DriveAsync();
        await dispatcher.MoveOnAsync(job, "completed");

        await drive.AssertToldAsync(_statuses);
        await drive.AssertStoredAsync(cluster, database);
    }

    private VehicleAgent StartVehicle(Cluster cluster, Job job)
    {
        var vehicle = new VehicleAgent(
            job.Device, $"127.0.0.1:{cluster.Proxy.MqttPort}", Path.Combine(_folder.Path, job.Device.DeviceId))
        {
            IsLive = true,
        };
        vehicle.Start();
        return vehicle;
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
}
