using ArtMqtt.EndToEnd.Tests.Browsers;
using ArtMqtt.EndToEnd.Tests.Publishers;
using ArtMqtt.EndToEnd.Tests.Servers;
using ArtMqtt.TestKit;
using Microsoft.Playwright;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>The dispatchers' page: ten thousand vehicles, one of which really drives.</summary>
public sealed class FleetPageTests(TimescaleServer server, Chromium chromium) : IDisposable
{
    // A country full of vehicles that were seen a moment ago, none where the one of the test drives.
    private const string Crowd = """
        WITH made AS (
            INSERT INTO devices (device_id, secret_hash)
            SELECT 'crowd-' || i, '\x00' FROM generate_series(1, 10000) i RETURNING device_key, device_id)
        INSERT INTO device_latest (device_key, fix_time, received_at, role, lat, lng, speed, heading)
        SELECT device_key, now(), now(), 0, 50 + n % 100 * 0.03, 9 + n / 100 * 0.03, n % 20, n % 360
        FROM (SELECT device_key, substr(device_id, 7)::int n FROM made) m
        """;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Ten_thousand_vehicles_are_on_one_map_and_any_of_them_can_be_followed()
    {
        var database = await server.CreateDatabaseAsync();
        await using var node = new NodeProcess(database);
        // The crowd comes by SQL, which tells nobody.
        await node.StartAsync("--Store:FleetReloadInterval", "00:00:02");
        using var dispatcher = new Dispatcher(node);
        var job = await dispatcher.CreateJobAsync(48.137, 11.575);
        await new PositionTable(database).ExecuteAsync(Crowd);
        await using var agent = await Agent.StartAsync(node, job.Device, _folder.Path);
        await using var watched = await chromium.OpenAsync(Viewport.Desktop);
        var page = watched.Page;
        await page.GotoAsync(new Uri(node.Address, "/admin").ToString());
        await page.FillAsync("[name=token]", job.Token);
        await page.ClickAsync("[type=submit]");
        await page.WaitForSelectorAsync("[role=alert]");
        await page.FillAsync("[name=token]", node.Secret("dispatcher-token"));
        await page.ClickAsync("[type=submit]");

        await Soon.TrueAsync("ten thousand and one vehicles", async () => await CountAsync(page) == 10_001);
        await watched.ShootAsync("fleet");

        // One vehicle of the crowd stands alone in this view.
        await page.GotoAsync(new Uri(node.Address, "/admin#15/50.03/9").ToString());
        await page.ReloadAsync();
        await Soon.TrueAsync("one vehicle in view", async () => await CountAsync(page) == 1);
        await page.GotoAsync(new Uri(node.Address, "/admin#13/48.137/11.575").ToString());
        await page.ReloadAsync();
        await Soon.TrueAsync("the vehicle that drives", async () => await CountAsync(page) == 1);
        await page.ClickAsync($"text={job.Device.DeviceId}");
        await page.ClickAsync("text=Follow");
        await Soon.TrueAsync("what it does", async () =>
            (await page.InnerTextAsync(".fleet-selected")).Contains("On the way", StringComparison.Ordinal));
        await Soon.TrueAsync("a map that went to it", async () => await AwayAsync(page) < 0.02);
        await watched.ShootAsync("fleet-near");
        Assert.Null(agent.ExitCode);
        watched.AssertAskedOnly(node.Address);
    }

    // From the middle of the map, which is in the address, to the vehicle, whose place is in the panel; degrees.
    private static Task<double> AwayAsync(IPage page) => page.EvaluateAsync<double>("""
        (() => {
          const [, lat, lng] = location.hash.split('/').map(Number);
          const [, toLat, toLng] = /(-?\d+\.\d+), (-?\d+\.\d+)/.exec(document.querySelector('.fleet-selected').innerText).map(Number);
          return Math.hypot(lat - toLat, lng - toLng);
        })()
        """);

    private static Task<int> CountAsync(IPage page) =>
        page.EvaluateAsync<int>("Number(document.querySelector('.fleet')?.dataset.vehicles ?? 0)");
}
