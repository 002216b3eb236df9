using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using ArtMqtt.EndToEnd.Tests.Publishers;
using ArtMqtt.EndToEnd.Tests.Servers;
using ArtMqtt.EndToEnd.Tests.Watchers;
using ArtMqtt.TestKit;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>The lines of docs/wire-format.md for devices people already have, against a whole node.</summary>
public sealed class FrontDoorTests(TimescaleServer server) : IAsyncLifetime
{
    private const double Lat = 48.1374123;
    private const double Lng = 11.5755987;

    private string _database = "";
    private NodeProcess _node = null!;
    private Dispatcher _dispatcher = null!;
    private Job _job = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync();
        _node = new NodeProcess(_database);
        await _node.StartAsync("--Gateway:Security:FailedAttemptsPerMinute", "1");
        _dispatcher = new Dispatcher(_node);
        _job = await _dispatcher.CreateJobAsync(48.2, 11.6);
    }

    public ValueTask DisposeAsync()
    {
        _dispatcher.Dispose();
        return _node.DisposeAsync();
    }

    [Fact]
    public async Task Every_door_leads_to_the_watcher_and_to_the_database()
    {
        Programs.Require("curl");
        await using var watcher = await HubWatcher.JoinAsync(_node, _job);
        var (id, secret) = (_job.Device.DeviceId, _job.Device.Secret);
        var first = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 10;
        string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
        string OwnTracks(long time) => Text($$"""{"_type":"location","lat":{{Lat}},"lon":{{Lng}},"tst":{{time}},"vel":36}""");

        // The view shows one position in 2 s at most; the last one comes in any case.
        Assert.Equal("[]", await CurlAsync("/pub", "-u", $"{id}:{secret}", "-d", OwnTracks(first)));
        Assert.Equal(Text($"{first * 1000}"), Text($"{(await watcher.NextAsync()).Time}"));
        await CurlAsync(Text($"/osmand?token={secret}&id={id}&lat={Lat}&lon={Lng}&timestamp={first + 1}&speed=10&bearing=90"));
        var traccar = JsonSerializer.Serialize(new
        {
            device_id = id,
            location = new { timestamp = first + 2, coords = new { latitude = Lat, longitude = Lng } },
        });
        await CurlAsync($"/osmand?token={secret}", "-H", "Content-Type: application/json", "-d", traccar);
        Assert.Equal("""{"accepted":1}""", await CurlAsync(
            $"/api/devices/{id}/positions", "-H", $"Authorization: Bearer {secret}", "-H", "Content-Type: application/json",
            "-d", Text($$"""{"lat":{{Lat}},"lng":{{Lng}},"timestamp":{{(first + 3) * 1000}}}""")));
        var mqtt = await Mosquitto.PublishAsync(
            _node, _job.Device, "mqttv311", $"owntracks/{id}/phone", OwnTracks(first + 4));
        Assert.True(mqtt.ExitCode == 0, mqtt.Error);

        await _node.DrainedAsync();
        var rows = await new PositionTable(_database).PositionsAsync(id);
        Assert.Equal(
            [.. Enumerable.Range(0, 5).Select(i => ((first + i) * 1000, Lat, Lng))],
            rows.Select(row => (row.Time, Math.Round(row.Lat, 7), Math.Round(row.Lng, 7))).Order());
        Assert.Equal(5, (await _dispatcher.RouteAsync(_job.RequestId)).Count);
        Assert.Contains("/api/devices/{deviceId}/positions", await CurlAsync("/openapi/v1.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_devices_secret_is_no_wrong_token_for_the_gateway_and_errors_look_the_same()
    {
        using var client = new HttpClient { BaseAddress = _node.Address };
        for (var i = 0; i < 3; i++)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _job.Device.Secret);
            using var content = new StringContent($$"""{"lat":1,"lng":1,"timestamp":{{i}}}""", null, "application/json");
            using var answer = await client.PostAsync(
                new Uri($"/api/devices/{_job.Device.DeviceId}/positions", UriKind.Relative), content,
                TestContext.Current.CancellationToken);
            Assert.True(answer.IsSuccessStatusCode);
        }

        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "d.guessed");
        var gateway = await ProblemAsync(client, HttpMethod.Get, "/api/devices");
        var door = await ProblemAsync(client, HttpMethod.Post, $"/api/devices/{_job.Device.DeviceId}/positions");

        Assert.Equal("token_invalid", gateway["code"]);
        Assert.Equal("token_invalid", door["code"]);
        Assert.Equal(gateway.Keys, door.Keys);
        Assert.Equal(gateway["type"], door["type"]);
    }

    private static async Task<Dictionary<string, string>> ProblemAsync(HttpClient client, HttpMethod method, string path)
    {
        using var message = new HttpRequestMessage(method, path);
        using var answer = await client.SendAsync(message, TestContext.Current.CancellationToken);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return JsonDocument.Parse(text).RootElement.EnumerateObject().ToDictionary(m => m.Name, m => m.Value.ToString());
    }

    private async Task<string> CurlAsync(string path, params string[] more)
    {
        var start = new ProcessStartInfo("curl", ["-sS", "--fail-with-body", .. more, $"{_node.Address.OriginalString}{path}"]);
        var result = await ProcessRunner.RunAsync(start, TimeSpan.FromMinutes(1));
        Assert.True(result.ExitCode == 0, $"{path}: {result.Output} {result.Error}");
        return result.Output.Trim();
    }
}
