using System.Text.Json;
using ArtMqtt.EndToEnd.Tests.Browsers;
using ArtMqtt.EndToEnd.Tests.Servers;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>How much the customer's page asks of a slow phone in a slow network before it shows something.</summary>
public sealed class PageBudgetTests(CustomerNode shared, Chromium chromium) : IClassFixture<CustomerNode>
{
    // "Slow 4G" as Lighthouse has it.
    private const double RoundTripSeconds = 0.15;
    private const double BytesPerSecond = 1.6 * 1024 * 1024 / 8;

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

        var loads = await watched.Page.EvaluateAsync<JsonElement>(
            "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map("
            + "e => ({ name: new URL(e.name).pathname, start: e.startTime, bytes: e.transferSize, blocks: e.renderBlockingStatus }))");
        var all = loads.EnumerateArray().Select(load => (
            Name: load.GetProperty("name").GetString()!, Start: load.GetProperty("start").GetDouble(),
            Bytes: load.GetProperty("bytes").GetInt64(),
            Blocks: load.TryGetProperty("blocks", out var blocks) && blocks.GetString() == "blocking")).ToList();
        var painted = await watched.Page.EvaluateAsync<double>("performance.getEntriesByName('first-contentful-paint')[0].startTime");
        var mapAsked = all.Where(load => load.Name.Contains("mapLibre", StringComparison.Ordinal)).Min(load => load.Start);
        var work = await watched.Page.EvaluateAsync<double>(
            """
            (() => {
              const start = performance.now();
              for (let i = 0, x = 1; i < 2e7; i++) { x ^= x << 13; x ^= x >> 17; x ^= x << 5; window.sink = x; }
              return performance.now() - start;
            })()
            """);
        var busy = await watched.Page.EvaluateAsync<double>(
            $"window.longTasks.filter(t => t.startTime < {mapAsked:F0}).reduce((sum, t) => sum + t.duration, 0)");
        TestContext.Current.SendDiagnosticMessage(
            $"first picture {painted:0} ms, map asked {mapAsked:0} ms, long tasks {busy:0} ms, loop {work:0} ms");
        Console.WriteLine($"first picture {painted:0} ms, map asked {mapAsked:0} ms, long tasks {busy:0} ms, loop {work:0} ms");
        foreach (var l in all)
        {
            Console.WriteLine(l);
        }
    }
}
