using System.Globalization;
using System.Text.Json;
using ArtMqtt.EndToEnd.Tests.Browsers;
using ArtMqtt.EndToEnd.Tests.Servers;
using Microsoft.Playwright;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>The analysts' page, over the morning of three vans.</summary>
[Collection<HistoryNodeTests>]
public sealed class HistoryPageTests(HistoryNode shared, Chromium chromium)
{
    private const string Two = $"device=van-1&device=van-2&{HistoryNode.Period}";

    [Fact]
    public async Task Routes_are_found_read_replayed_and_the_link_shows_the_same_again()
    {
        await using var watched = await chromium.OpenAsync(Viewport.Desktop);
        var page = watched.Page;
        await page.GotoAsync(Address("/history"));
        await page.FillAsync("[name=token]", shared.Node.Secret("dispatcher-token"));
        await page.ClickAsync("[type=submit]");
        // Sixty others stand before them in the list.
        await page.FillAsync("[name=search]", "tow");
        await page.CheckAsync("text=van-1");
        await page.FillAsync("[name=search]", "van-2");
        await page.CheckAsync("text=van-2");
        await FillPeriodAsync(page);
        await page.ClickAsync("text=Show routes");
        await LoadedAsync(page, 2 * HistoryNode.Positions);
        await Soon.TrueAsync("both routes in colours", async () => await ColouredAsync(page) > 1_000);
        await Soon.TrueAsync("a map of all of it", async () => await AwayAsync(page, 48.18, 11.68) < 0.02);
        await Axe.AssertCleanAsync(page, "routes");
        await watched.ShootAsync("history");

        // The pointer on the chart and the pointer on the map tell the same.
        var plot = page.Locator(".history-plot");
        await plot.HoverAsync(new LocatorHoverOptions { Position = new Position { X = 200, Y = 60 } });
        await Soon.TrueAsync("a reading of the chart", async () => (await ReadingAsync(page)).Contains("36 km/h, 5", StringComparison.Ordinal));
        await Soon.TrueAsync("a reading under the pointer on the map", () => FindOnMapAsync(page));

        // By keyboard: the end, and back.
        await plot.FocusAsync();
        await page.Keyboard.PressAsync("End");
        Assert.EndsWith("54 km/h, 542 m", await plot.GetAttributeAsync("aria-valuetext"), StringComparison.Ordinal);
        await page.Keyboard.PressAsync("Home");
        Assert.EndsWith("36 km/h, 500 m", await plot.GetAttributeAsync("aria-valuetext"), StringComparison.Ordinal);

        // True to the time: 600 times faster than it, however slow the machine draws.
        await page.SelectOptionAsync("[name=rate]", "600");
        await SeekAsync(page, "08:40:00");
        await page.ClickAsync("text=Follow >> nth=0");
        await page.ClickAsync("text=Play");
        await Soon.TrueAsync("the end of the replay", async () => await MomentAsync(page) == At("09:09:59"));
        await page.WaitForSelectorAsync("text=Play");
        await Soon.TrueAsync("a map that followed", async () => await AwayAsync(page, 48.1 + (18_000 / 111_195d), 11.5 + (26_985 / 74_100d)) < 0.05);

        // A trip, a moment of it, and the address leads there again.
        await page.ClickAsync("summary >> nth=0");
        await page.ClickAsync("button:has-text('Trip,') >> nth=1");
        Assert.InRange(await MomentAsync(page), At("08:39:00"), At("08:41:00"));
        await SeekAsync(page, "08:50:00");
        await Soon.TrueAsync("an address with the moment", async () =>
            page.Url.Contains("at=2026-05-04T08%3A50%3A00Z", StringComparison.Ordinal) && await MomentAsync(page) == At("08:50:00"));
        await page.GotoAsync(page.Url.Replace("history?", "history?colour=vehicle&", StringComparison.Ordinal));
        await LoadedAsync(page, 2 * HistoryNode.Positions);
        await Soon.TrueAsync("the same moment", async () => await MomentAsync(page) == At("08:50:00"));
        watched.AssertAskedOnly(shared.Node.Address);
        Assert.Empty(watched.Errors);
    }

    [Fact]
    public async Task Areas_heat_comparisons_and_files_answer_analysts()
    {
        await using var watched = await OpenAsync(Viewport.Desktop, Two);
        var page = watched.Page;
        await LoadedAsync(page, 2 * HistoryNode.Positions);

        // Who was in a box that is drawn, and in a polygon.
        var map = (await page.Locator(".history-map").BoundingBoxAsync())!;
        await page.ClickAsync("text=Draw a box");
        await page.Mouse.MoveAsync(map.X + 5, map.Y + 5);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(map.X + map.Width - 5, map.Y + map.Height - 5);
        await page.Mouse.UpAsync();
        await page.WaitForSelectorAsync("text=2 devices were there");
        Assert.Contains("4 May, 08:00 – 09:09 · 4,200 positions", await page.InnerTextAsync(".history-present"), StringComparison.Ordinal);
        await page.ClickAsync("text=Draw a polygon");
        foreach (var (x, y) in new[] { (0.02f, 0.02f), (0.98f, 0.02f), (0.98f, 0.3f) })
        {
            await page.Mouse.ClickAsync(map.X + (map.Width * x), map.Y + (map.Height * y));
        }

        await page.Keyboard.PressAsync("Enter");
        await Soon.TrueAsync("the part of the morning in the polygon", async () =>
            await page.Locator(".history-present").CountAsync() == 1
            && !(await page.InnerTextAsync(".history-present")).Contains("4,200", StringComparison.Ordinal));

        await DrawByKeyboardAsync(page);
        await page.WaitForSelectorAsync(".history-present:has-text('4,200 positions')");

        await page.CheckAsync("[name=heat]");
        await Soon.TrueAsync("cells of the heat", () => page.EvaluateAsync<bool>("Number(document.querySelector('[data-cells]')?.dataset.cells) > 20"));

        // 150 m beside each other on the way north, then on the same street.
        await page.ClickAsync("[aria-label^='Compare: van-1, Whole']");
        await page.ClickAsync("[aria-label^='Compare: van-2, Whole']");
        var compared = await page.InnerTextAsync(".history-compared");
        Assert.Contains("45.0 km\t45.0 km", compared, StringComparison.Ordinal);
        Assert.Contains("60 %\t60 %", compared, StringComparison.Ordinal);
        Assert.Contains("149 m\t149 m", compared, StringComparison.Ordinal);
        Assert.Contains("1 h 0 min", compared, StringComparison.Ordinal);
        await Axe.AssertCleanAsync(page, "heat and comparison");
        await page.Locator(".history-compared").ScrollIntoViewIfNeededAsync();
        await watched.ShootAsync("history-analysis");

        foreach (var (format, name, expected) in new[]
        {
            ("gpx", "positions_20260504T075000Z_20260504T093000Z.gpx", "<trkpt"), ("csv", "positions_20260504T075000Z_20260504T093000Z.csv", "\nvan-"),
        })
        {
            await page.SelectOptionAsync("[name=format]", format);
            var download = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("button:text-is('Export')"));
            Assert.Equal(name, download.SuggestedFilename);
            var text = await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
            Assert.Equal(2 * HistoryNode.Positions, text.Split(expected).Length - 1);
        }

        Assert.Equal(
            JsonSerializer.Serialize(_exportNames), JsonSerializer.Serialize(await page.EvaluateAsync<string[]>("[...document.querySelector('[name=format]').options].map(o => o.value).sort()")));
        Assert.DoesNotContain(watched.Requests, url => url.Query.Contains("token", StringComparison.Ordinal));
    }

    [Fact]
    public async Task On_a_phone_it_is_one_column_and_says_what_is_missing()
    {
        await using var watched = await OpenAsync(new Viewport("small", 360, 740, IsPhone: true), $"request={HistoryNode.Request}&device=nobody&{HistoryNode.Period}");
        var page = watched.Page;
        await LoadedAsync(page, HistoryNode.Positions);
        await page.WaitForSelectorAsync("[role=alert]:has-text('nobody')");
        await Axe.AssertCleanAsync(page, "phone");
        await watched.ShootAsync("history");
        await page.Locator("text=Who was there").First.ScrollIntoViewIfNeededAsync();
        await watched.ShootAsync("history-below");
        Assert.Equal(360, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));

        // Nothing in the period is said too, and an end before its beginning is not asked for.
        await page.FillAsync("[name=from]", "2026-05-05T07:50");
        await page.WaitForSelectorAsync("text=The end must be after the beginning.");
        await page.FillAsync("[name=to]", "2026-05-06T07:50");
        await page.ClickAsync("[aria-label='Remove nobody']");
        await page.ClickAsync("text=Show routes");
        await page.WaitForSelectorAsync("text=No positions in this period.");
    }

    [Fact]
    public async Task Loading_shows_how_far_it_is_and_can_be_cancelled()
    {
        await using var watched = await OpenAsync(Viewport.Desktop, $"device=van-3&{HistoryNode.Period}");
        var page = watched.Page;
        await LoadedAsync(page, HistoryNode.Positions);
        var release = new TaskCompletionSource();
        await page.RouteAsync("**/van-1/route?*", async route =>
        {
            await release.Task;
            await route.ContinueAsync();
        });
        await page.FillAsync("[name=search]", "van-1");
        await page.CheckAsync("text=van-1");
        await page.ClickAsync("text=Show routes");
        await page.WaitForSelectorAsync("progress");
        await Soon.TrueAsync("half of it", async () => (await page.InnerTextAsync(".history-section")).Contains("4,200 positions · 50 %", StringComparison.Ordinal));

        await page.ClickAsync("button:text-is('Cancel')");

        await page.WaitForSelectorAsync("text=Cancelled: this is a part of it.");
        Assert.Equal(0, await page.Locator("progress").CountAsync());
        release.SetResult();
    }

    // From one corner of the map to the other; the keys end where the focus was.
    private static async Task DrawByKeyboardAsync(IPage page)
    {
        await page.FocusAsync("button:text-is('Draw a box')");
        await page.Keyboard.PressAsync("Enter");
        foreach (var keys in new[] { "Left Up", "Right Down" })
        {
            foreach (var key in keys.Split(' '))
            {
                for (var i = 0; i < 24; i++)
                {
                    await page.Keyboard.PressAsync($"Shift+Arrow{key}");
                }
            }

            await page.Keyboard.PressAsync(" ");
        }

        Assert.Equal("Draw a box", await page.EvaluateAsync<string>("document.activeElement.textContent"));
    }

    private static readonly string[] _exportNames = ["csv", "geojson", "gpx", "kml", "mfjson", "parquet"];

    private string Address(string path) => new Uri(shared.Node.Address, path).ToString();

    private async Task<WatchedPage> OpenAsync(Viewport viewport, string query)
    {
        var watched = await chromium.OpenAsync(viewport);
        await watched.Page.AddInitScriptAsync($"sessionStorage.setItem('artmqtt.token', '{shared.Node.Secret("dispatcher-token")}')");
        await watched.Page.GotoAsync(Address($"/history?{query}"));
        return watched;
    }

    // In the browser's time zone, which is that of the machine.
    private static async Task FillPeriodAsync(IPage page)
    {
        foreach (var (name, time) in new[] { ("from", "2026-05-04T07:50:00Z"), ("to", "2026-05-04T09:30:00Z") })
        {
            var local = await page.EvaluateAsync<string>(
                $"(() => {{ const t = new Date('{time}'); return new Date(t - t.getTimezoneOffset() * 60000).toISOString().slice(0, 16) }})()");
            await page.FillAsync($"[name={name}]", local);
        }
    }

    private static Task LoadedAsync(IPage page, int positions) => Soon.TrueAsync($"{positions} positions", () => page.EvaluateAsync<bool>(
        $"(d => d?.loading === 'false' && d.positions === '{positions}')(document.querySelector('.history')?.dataset)"));

    private static Task<string> ReadingAsync(IPage page) => page.InnerTextAsync(".history-reading");

    private static Task<long> MomentAsync(IPage page) => page.EvaluateAsync<long>("Number(document.querySelector('.history-slider').value)");

    private static async Task SeekAsync(IPage page, string time)
    {
        await page.EvaluateAsync($"document.querySelector('.history-slider').value = {At(time)}");
        await page.DispatchEventAsync(".history-slider", "input");
    }

    private static long At(string time) =>
        DateTimeOffset.Parse($"2026-05-04T{time}Z", CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    // Goes over the middle of the map from its left to its right until a route answers.
    private static async Task<bool> FindOnMapAsync(IPage page)
    {
        var map = (await page.Locator(".history-map").BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(map.X + 1, map.Y + (map.Height / 2));
        for (var x = 8; x < map.Width; x += 8)
        {
            await page.Mouse.MoveAsync(map.X + x, map.Y + (map.Height / 2));
            if ((await ReadingAsync(page)).Contains("km/h, 5", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static Task<double> AwayAsync(IPage page, double lat, double lng) => page.EvaluateAsync<double>(FormattableString.Invariant(
        $"(([, a, b]) => Math.hypot(a - {lat}, b - {lng}))(location.hash.split('/').map(Number))"));

    // Pixels of the map that are neither grey nor nearly so.
    private static async Task<int> ColouredAsync(IPage page)
    {
        var picture = Convert.ToBase64String(await page.Locator(".history-map").ScreenshotAsync());
        return await page.EvaluateAsync<int>("""
            async picture => {
              const image = new Image();
              image.src = `data:image/png;base64,${picture}`;
              await image.decode();
              const canvas = new OffscreenCanvas(image.width, image.height);
              const context = canvas.getContext('2d');
              context.drawImage(image, 0, 0);
              const { data } = context.getImageData(0, 0, image.width, image.height);
              let count = 0;
              for (let i = 0; i < data.length; i += 4) {
                count += Math.max(data[i], data[i + 1], data[i + 2]) - Math.min(data[i], data[i + 1], data[i + 2]) > 100 ? 1 : 0;
              }
              return count;
            }
            """, picture);
    }
}
