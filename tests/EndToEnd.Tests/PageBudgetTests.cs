using System.Text.Json;
using ArtMqtt.EndToEnd.Tests.Browsers;
using ArtMqtt.EndToEnd.Tests.Servers;
using Microsoft.Playwright;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>How much the customer's page asks of a slow phone in a slow network before it shows something.</summary>
[Collection<CustomerNodeTests>]
public sealed class PageBudgetTests(CustomerNode shared, Chromium chromium)
{
    // "Slow 4G" as Lighthouse has it.
    private const double RoundTripSeconds = 0.15;
    private const double BytesPerSecond = 1.6 * 1024 * 1024 / 8;

    // Takes a quarter of a second on a computer of our days, and longer where and when the pages take longer too.
    private const string Yardstick = """
        (() => {
          const start = performance.now();
          for (let i = 0, x = 1; i < 2e7; i++) { x ^= x << 13; x ^= x >> 17; x ^= x << 5; window.sink = x; }
          return performance.now() - start;
        })()
        """;

    [Fact]
    public async Task The_first_picture_is_light_and_comes_before_the_map()
    {
        using var dispatcher = new Dispatcher(shared.Node);
        var job = await dispatcher.CreateJobAsync(48.137, 11.575);
        await using var watched = await chromium.OpenAsync(Viewport.Phone);
        var session = await watched.Page.Context.NewCDPSessionAsync(watched.Page);
        await session.SendAsync("Network.enable");
        var slow = new Dictionary<string, object>
        {
            ["offline"] = false,
            ["latency"] = RoundTripSeconds * 1_000,
            ["downloadThroughput"] = BytesPerSecond,
            ["uploadThroughput"] = BytesPerSecond / 2,
        };
        await session.SendAsync("Network.emulateNetworkConditions", slow);
        await session.SendAsync("Emulation.setCPUThrottlingRate", new Dictionary<string, object> { ["rate"] = 4 });
        await watched.Page.AddInitScriptAsync(
            """
            window.longTasks = [];
            new PerformanceObserver(list => window.longTasks.push(...list.getEntries().map(
              ({ startTime, duration }) => ({ startTime, duration })))).observe({ type: 'longtask', buffered: true });
            """);
        await watched.Page.GotoAsync(job.Link.ToString());
        await Soon.TrueAsync("the map's library asked for, and the status", () => watched.Page.EvaluateAsync<bool>(
            "performance.getEntriesByType('resource').some(e => e.name.includes('/mapLibreView-') && e.name.endsWith('.js'))"
            + " && document.body.dataset.status === 'en_route'"));

        var loads = await LoadsAsync(watched.Page);
        var map = loads.Where(load => load.Path.Contains("mapLibre", StringComparison.Ordinal)).ToList();
        var mapAsked = map.Min(load => load.Start);
        var text = loads.Where(load => load.Start < mapAsked).ToList();
        var firstPicture = text.Where(load => load.Path.StartsWith("/t/", StringComparison.Ordinal) || load.BlocksPainting).ToList();
        var painted = await watched.Page.EvaluateAsync<double>("performance.getEntriesByName('first-contentful-paint')[0].startTime");
        var busy = await watched.Page.EvaluateAsync<double>(
            $"longTasks.filter(task => task.startTime < {mapAsked:F0}).reduce((sum, task) => sum + task.duration, 0)");
        var yardstick = await watched.Page.EvaluateAsync<double>(Yardstick);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"First picture after {painted:0} ms, {firstPicture.Sum(load => load.Bytes)} bytes; map asked for after {mapAsked:0} ms, "
            + $"{text.Count} answers and {text.Sum(load => load.Bytes)} bytes before it; busy for {busy:0} ms, yardstick {yardstick:0} ms.");

        // What the machine that runs this has no part in: the first picture needs a connection, the page and its style,
        // the status also the script, its words and the request.
        Assert.Equal(2, firstPicture.Count);
        Assert.InRange(SecondsFor(firstPicture, roundTrips: 3), 0, 1);
        Assert.InRange(SecondsFor(text, roundTrips: 6), 0, 2);
        Assert.InRange(text.Count, 5, 12);
        Assert.InRange(text.Sum(load => load.Bytes), 10_000, 50_000);
        Assert.True(painted < mapAsked, "The map was asked for before the first picture.");
        // Four times slower than the machine, like the yardstick.
        Assert.True(busy < 2 * yardstick, $"The page kept the phone busy for {busy:0} ms before its map, the yardstick took {yardstick:0} ms.");
    }

    private static double SecondsFor(IEnumerable<Load> loads, int roundTrips) =>
        (roundTrips * RoundTripSeconds) + (loads.Sum(load => load.Bytes) / BytesPerSecond);

    private static async Task<IReadOnlyList<Load>> LoadsAsync(IPage page)
    {
        var loads = await page.EvaluateAsync<JsonElement>(
            """
            [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map(load => ({
              path: new URL(load.name).pathname, start: load.startTime, bytes: load.transferSize,
              blocks: load.renderBlockingStatus === 'blocking' }))
            """);
        return [.. loads.EnumerateArray().Select(load => new Load(
            load.GetProperty("path").GetString()!, load.GetProperty("start").GetDouble(),
            load.GetProperty("bytes").GetInt64(), load.GetProperty("blocks").GetBoolean()))];
    }

    private sealed record Load(string Path, double Start, long Bytes, bool BlocksPainting);
}
