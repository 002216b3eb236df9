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
public sealed class SeveralNodesTests(TimescaleServer server, Chromium chromium) : IDisposable
{
    // Connections of HAProxy's address must begin with the PROXY protocol.
    private static readonly IPEndPoint _notTheBalancer = new(IPAddress.Parse("127.0.0.2"), 0);
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
        var (device, connection) = await AssertClientsAreKnownAsync(one, other, dispatcher);
        using var connected = connection;
        var here = await SdkWatcher.StartAsync(chromium, one.Address, job);
        var there = await SdkWatcher.StartAsync(chromium, other.Address, job);
        var anywhere = await SdkWatcher.StartAsync(chromium, cluster.Proxy.Address, job);
        await using var drive = new ClusterDrive(job, StartVehicle(cluster, job), [here, there, anywhere]);
        await drive.DriveAsync();

        // The vehicle is on one of the two; whoever watches on the other one needs both.
        await other.KillAsync();
        await drive.TellAsync();
        await AssertMissedAsync(one, device);
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
        Assert.Equal(3, nodes.Count);
        Assert.Contains(nodes, node => !node.GetProperty("isThis").GetBoolean()
            && node.GetProperty("name").GetString() == client.GetProperty("node").GetString());
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
        Assert.Equal(2, await page.Locator(".system-nodes .pill.is-good, .system-nodes .pill.is-warn").CountAsync());
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
                client = new TcpClient(_notTheBalancer);
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
