using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ArtMqtt.EndToEnd.Tests.Browsers;
using ArtMqtt.EndToEnd.Tests.Publishers;
using ArtMqtt.EndToEnd.Tests.Servers;
using ArtMqtt.EndToEnd.Tests.Watchers;
using ArtMqtt.TestKit;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>Broker, ingest and gateway as processes of their own, around one Redis and one database.</summary>
public sealed class RolesTests(TimescaleServer server, Chromium chromium) : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Positions_go_from_broker_by_ingest_and_gateway_and_none_is_lost_when_one_is_killed()
    {
        Programs.Require("redis-server");
        var database = await server.CreateDatabaseAsync();
        using var redis = await RedisServer.StartNewAsync(Token);
        await using var gateway = new NodeProcess(database);
        await using var broker = new NodeProcess(database);
        await using var ingest = new NodeProcess(database);
        string[] Start(string role) =>
        [
            "--roles", role, "--ConnectionStrings:Redis", redis.Configuration,
            "--Spool:Folder", Path.Combine(broker.DataFolder, "spool"),
        ];
        await gateway.StartAsync(Start("gateway"));
        Cluster.CopySecrets(gateway, broker);
        Cluster.CopySecrets(gateway, ingest);
        broker.Launch(Start("broker"));
        ingest.Launch(Start("ingest"));
        await Task.WhenAll(broker.ReadyAsync(), ingest.ReadyAsync());
        using var dispatcher = new Dispatcher(gateway);
        var job = await dispatcher.CreateJobAsync(48.137, 11.575);
        await using var fleet = await HonestFleet.StartAsync(gateway, devices: 2, broker.MqttPort);
        var vehicle = new VehicleAgent(job.Device, $"127.0.0.1:{broker.MqttPort}", Path.Combine(_folder.Path, "vehicle")) { IsLive = true };
        vehicle.Start();
        await using var drive = new ClusterDrive(job, vehicle, [await SdkWatcher.StartAsync(chromium, gateway.Address, job)]);
        await drive.DriveAsync();

        var presence = (await dispatcher.EventsAsync(job)).GetProperty("snapshot").GetProperty("presence");
        Assert.Equal("online", presence.GetProperty("state").GetString());
        // Estimated where the positions are.
        await Soon.TrueAsync("an ETA", async () =>
            (await dispatcher.EventsAsync(job)).GetProperty("snapshot").TryGetProperty("eta", out var eta) && eta.ValueKind == JsonValueKind.Object);
        await dispatcher.MoveOnAsync(job, "arrived");
        await Soon.TrueAsync("the status over MQTT", async () =>
            (await Mosquitto.ReadAsync(broker, job, $"art/requests/{job.RequestId}/status")).Contains("arrived", StringComparison.Ordinal));
        await AssertDoorAsync(broker, job.Device, HttpStatusCode.OK);
        await AssertDoorAsync(gateway, job.Device, HttpStatusCode.NotFound);

        await fleet.AcknowledgedMoreAsync(300);
        await ingest.KillAsync();
        await fleet.AcknowledgedMoreAsync(300);
        ingest.Launch(Start("ingest"));
        await fleet.AcknowledgedMoreAsync(300);
        await broker.KillAsync();
        await broker.StartAsync(Start("broker"));
        await fleet.AcknowledgedMoreAsync(300);
        await fleet.FinishAsync();
        await drive.DriveAsync();
        await ingest.DrainedAsync();
        // It is told what it may forget.
        await broker.DrainedAsync();

        await dispatcher.MoveOnAsync(job, "in_progress");
        await dispatcher.MoveOnAsync(job, "completed");
        await drive.AssertToldAsync(["en_route", "arrived", "in_progress", "completed"]);
        var table = new PositionTable(database);
        await fleet.AssertStoredAsync(table);
        Assert.Equal(
            vehicle.Told, (await table.PositionsAsync(job.Device.DeviceId)).Select(row => row.Time).Where(time => time != 1_000).Order());
    }

    private static async Task AssertDoorAsync(NodeProcess node, Credential device, HttpStatusCode expected)
    {
        using var client = new HttpClient { BaseAddress = node.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", device.Secret);
        using var answer = await client.PostAsJsonAsync(
            new Uri($"/api/devices/{device.DeviceId}/positions", UriKind.Relative), new { lat = 48, lng = 11, timestamp = 1_000 }, Token);
        Assert.Equal(expected, answer.StatusCode);
    }
}
