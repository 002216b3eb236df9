using ArtMqtt.EndToEnd.Tests.Browsers;
using ArtMqtt.EndToEnd.Tests.Publishers;
using ArtMqtt.EndToEnd.Tests.Servers;
using ArtMqtt.TestKit;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>A customer's page that stays open while the node dies and comes back.</summary>
public sealed class WatcherTests(TimescaleServer server, Chromium chromium) : IDisposable
{
    // Longer than it takes to notice, wait until it is stale, and come back; the agent is awaited in the end.
    private const int DriveSeconds = 60;
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_page_says_that_the_node_is_gone_and_goes_on_by_itself_when_it_is_back()
    {
        await using var node = await NodeProcess.StartNewAsync(server);
        using var dispatcher = new Dispatcher(node);
        var job = await dispatcher.CreateJobAsync(48.137, 11.575);
        await using var page = await CustomerPage.OpenAsync(chromium, Viewport.Phone, job);
        var drive = Agent.SimulateAsync(node, job.Device, DriveSeconds, _folder.Path);
        await Soon.TrueAsync("a marker", async () => await page.MarkerAsync() is not null);

        await node.KillAsync();

        await page.ConnectionIsAsync("catching-up", "offline");
        Assert.Matches("^(Catching up|Offline)$", await page.TextAsync("connection-text"));
        await Soon.TrueAsync("a grey marker", async () => await page.MarkerAsync() is { IsStale: true });
        Assert.StartsWith("Last seen", await page.TextAsync("seen"), StringComparison.Ordinal);
        await page.Watched.ShootAsync("node-gone");
        var last = page.Watched.Live.Locations[^1];

        await node.StartAsync();

        await page.ConnectionIsAsync("live");
        await Soon.TrueAsync("a marker that goes on", async () =>
            await page.MarkerAsync() is { IsStale: false } marker && marker.Fix > last.Time);
        await Soon.TrueAsync("'Live'", async () => await page.TextAsync("connection-text") == "Live");
        var counts = await drive;
        await node.DrainedAsync();

        Assert.Equal((counts.Published, 0), (counts.Acknowledged, counts.Refused));
        await AssertSeenOnceAndInOrderAsync(page, await dispatcher.RouteAsync(job.RequestId), counts);
    }

    [Fact]
    public async Task A_page_that_gets_no_websocket_polls_and_returns_to_it_by_itself()
    {
        await using var node = await NodeProcess.StartNewAsync(server);
        using var dispatcher = new Dispatcher(node);
        var job = await dispatcher.CreateJobAsync(48.137, 11.575);
        await using var agent = await Agent.StartAsync(node, job.Device, _folder.Path);
        var isBlocked = true;
        await using var watched = await chromium.OpenAsync(Viewport.Phone);
        await watched.Page.RouteWebSocketAsync(_ => true, socket =>
        {
            if (isBlocked)
            {
                _ = socket.CloseAsync();
            }
            else
            {
                socket.ConnectToServer();
            }
        });

        await using var page = await CustomerPage.OpenAsync(watched, job, "polling");

        Assert.Equal("Live, every 5 s", await page.TextAsync("connection-text"));
        await page.MarkerAppearsAsync();
        var first = (await page.MarkerAsync())!.Fix;
        await Soon.TrueAsync("a marker that goes on", async () => (await page.MarkerAsync())!.Fix > first);
        await page.Watched.ShootAsync("polling");

        isBlocked = false;

        await page.ConnectionIsAsync("live");
        var last = (await page.MarkerAsync())!.Fix;
        await Soon.TrueAsync("a marker that goes on", async () => (await page.MarkerAsync())!.Fix > last);
        Assert.Null(agent.ExitCode);
        var samples = await page.SamplesAsync();
        Assert.All(samples.Zip(samples.Skip(1)), pair => Assert.True(pair.First.Fix <= pair.Second.Fix));
    }

    private static async Task AssertSeenOnceAndInOrderAsync(
        CustomerPage page, IReadOnlyList<RoutePoint> route, AgentCounts counts)
    {
        Assert.Equal(counts.Published, route.Count);
        var stored = route.ToDictionary(point => point.Time);
        var received = page.Watched.Live.Locations;
        Assert.All(received, e => Assert.Equal(new RoutePoint(e.Time, e.Latitude, e.Longitude), stored[e.Time]));

        // The new node counts anew, in a stream of another epoch: neither it nor the old one said anything twice.
        Assert.Equal(2, received.DistinctBy(e => e.Epoch).Count());
        Assert.All(received.Zip(received.Skip(1)), pair => Assert.True(
            pair.First.Time < pair.Second.Time
            && (pair.First.Epoch != pair.Second.Epoch || pair.First.Sequence < pair.Second.Sequence)));
        var samples = await page.SamplesAsync();
        Assert.All(samples.Zip(samples.Skip(1)), pair => Assert.True(pair.First.Fix <= pair.Second.Fix));
    }
}
