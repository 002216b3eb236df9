using System.Collections.Concurrent;
using System.Text.Json;
using ArtMqtt.EndToEnd.Tests.Browsers;
using ArtMqtt.EndToEnd.Tests.Publishers;
using ArtMqtt.EndToEnd.Tests.Servers;
using Microsoft.Playwright;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>What the customer's page does beside showing the map, in a browser, against a node.</summary>
[Collection<CustomerNodeTests>]
public sealed class CustomerPageTests(CustomerNode shared, Chromium chromium)
{
    private const double Latitude = 48.137;
    private const double Longitude = 11.575;

    private NodeProcess Node => shared.Node;

    [Fact]
    public async Task The_customer_shares_where_they_are_from_their_tap_until_their_next()
    {
        using var dispatcher = new Dispatcher(Node);
        var job = await dispatcher.CreateJobAsync(Latitude, Longitude);
        await using var page = await OpenAsync(job, new Visitor(Permissions: ["geolocation"], Place: (48.1381f, Longitude: 11.5761f)));
        Assert.Equal(
            "Your operator sees where you are until the job ends or you switch it off.", await page.TextAsync("share-note"));
        Assert.False(await IsShownAsync(page, "[data-testid=customer-marker]"));

        await page.Page.ClickAsync("#share-button");

        await SharingIsAsync(page, "on");
        Assert.Equal(
            ("You are sharing your location.", "Stop sharing"), (await page.TextAsync("share-note"), await page.TextAsync("share-text")));
        Assert.True(await IsShownAsync(page, "[data-testid=customer-marker]"));
        await OperatorSeesAsync(dispatcher, job, 48.1381);
        await page.Page.Context.SetGeolocationAsync(Visitor.At(48.1392f, 11.5761f));
        await OperatorSeesAsync(dispatcher, job, 48.1392);
        await page.Watched.ShootAsync("customer-sharing");

        await page.Page.ClickAsync("#share-button");

        await SharingIsAsync(page, "stopped");
        Assert.False(await IsShownAsync(page, "[data-testid=customer-marker]"));
        await page.Page.Context.SetGeolocationAsync(Visitor.At(48.1401f, 11.5761f));
        // A visit later nothing is remembered, and what was passed meanwhile is told to nobody.
        await page.Page.ReloadAsync();
        await page.ConnectionIsAsync("live");
        await SharingIsAsync(page, "off");
        await page.Page.Context.SetGeolocationAsync(Visitor.At(48.1412f, 11.5761f));
        await page.Page.ClickAsync("#share-button");
        await OperatorSeesAsync(dispatcher, job, 48.1412);
        await Node.DrainedAsync();
        Assert.Equal(
            [48.1381, 48.1392, 48.1412],
            (await dispatcher.CustomerRouteAsync(job.RequestId)).Select(point => Math.Round(point.Latitude, 4)).Distinct());

        // The end of the job ends it too.
        await dispatcher.MoveOnAsync(job, "cancelled");
        await SharingIsAsync(page, "stopped");
        Assert.False(await IsShownAsync(page, "#share"));
        Assert.False(await IsShownAsync(page, "#actions"));
        page.Watched.AssertAskedOnly(Node.Address);
        Assert.Empty(page.Watched.Errors);
    }

    [Fact]
    public async Task Who_does_not_look_is_notified_of_a_new_status_after_a_tap_for_it()
    {
        using var dispatcher = new Dispatcher(Node);
        var job = await dispatcher.CreateJobAsync(Latitude, Longitude);
        await using var watched = await chromium.OpenAsync(Viewport.Phone, new Visitor(Permissions: ["notifications"]));
        await watched.Page.AddInitScriptAsync(
            """
            // As before the first tap: this browser was allowed them from the start, and never hides a page.
            let permission = 'default';
            window.asked = 0;
            Object.defineProperty(Notification, 'permission', { get: () => permission });
            Notification.requestPermission = async () => { window.asked++; return permission = 'granted'; };
            Object.defineProperty(Document.prototype, 'visibilityState', { get: () => window.isAway ? 'hidden' : 'visible' });
            """);
        await using var page = await CustomerPage.OpenAsync(watched, job, "live");
        Assert.Equal(0, await page.Page.EvaluateAsync<int>("window.asked"));

        await page.Page.ClickAsync("#notify");
        await Soon.TrueAsync("'Notifications on'", async () => await page.TextAsync("notify-text") == "Notifications on");
        await dispatcher.MoveOnAsync(job, "arrived");
        await Soon.TrueAsync("'arrived' read out", async () =>
            await page.TextAsync("announcement") == "Your operator has arrived. Please meet them at the pickup point.");
        // Who looks has seen it.
        Assert.Empty(await NotificationsAsync(page));

        await page.Page.EvaluateAsync("window.isAway = true");
        await dispatcher.MoveOnAsync(job, "in_progress");

        await Soon.TrueAsync("a notification", async () => (await NotificationsAsync(page)).Length > 0);
        Assert.Equal(["Work is in progress: We will tell you here when it is finished."], await NotificationsAsync(page));
        Assert.Equal(1, await page.Page.EvaluateAsync<int>("window.asked"));
        Assert.Empty(page.Watched.Errors);
    }

    [Fact]
    public async Task A_page_without_network_says_so_and_is_told_everything_once_when_it_is_back()
    {
        using var dispatcher = new Dispatcher(Node);
        var job = await dispatcher.CreateJobAsync(Latitude, Longitude);
        using var device = new PostingDevice(Node, job.Device);
        await using var page = await OpenAsync(job);
        var sent = new List<long> { await device.MoveAsync(48.13, Longitude) };
        await Soon.TrueAsync("a marker", async () => await page.MarkerAsync() is not null);

        var polled = new ConcurrentBag<long>();
        page.Page.Response += async (_, response) =>
        {
            if (response.Url.Contains("/events", StringComparison.Ordinal) && response.Ok)
            {
                var missed = (await response.JsonAsync<JsonElement>()).GetProperty("missed").EnumerateArray();
                foreach (var location in missed.Where(one => one.GetProperty("name").GetString() == "operator:location"))
                {
                    polled.Add(location.GetProperty("data").GetProperty("timestamp").GetInt64());
                }
            }
        };
        await page.Page.Context.SetOfflineAsync(true);

        await page.ConnectionIsAsync("catching-up", "offline");
        Assert.Matches("^(Catching up|Offline)$", await page.TextAsync("connection-text"));
        for (var i = 1; i <= 5; i++)
        {
            sent.Add(await device.MoveAsync(48.13 + (i * 0.0003), Longitude));
        }

        await page.ConnectionIsAsync("offline");
        await page.Page.Context.SetOfflineAsync(false);

        await page.ConnectionIsAsync("live");
        sent.Add(await device.MoveAsync(48.1321, Longitude));
        await Soon.TrueAsync("a marker at the last position", async () => (await page.MarkerAsync())!.Fix == sent[^1]);
        // The browser leaves the open WebSocket alone: it is the page that no longer listens to it.
        var first = page.Watched.Live.Locations[0].Connection;
        var told = page.Watched.Live.Locations
            .Where(location => location.Connection != first || location.Time == sent[0]).Select(location => location.Time)
            .Concat(polled);
        Assert.Equal(sent, told.Distinct().Order());
        var samples = await page.SamplesAsync();
        Assert.All(samples.Zip(samples.Skip(1)), pair => Assert.True(pair.First.Fix <= pair.Second.Fix));
        Assert.Equal("Live", await page.TextAsync("connection-text"));
    }

    [Fact]
    public async Task The_service_is_called_and_written_to_while_the_request_runs_by_its_customer_only()
    {
        using var dispatcher = new Dispatcher(Node);
        var job = await dispatcher.CreateJobAsync(Latitude, Longitude);
        await using var page = await OpenAsync(job);

        await Soon.TrueAsync("the buttons", () => IsShownAsync(page, "#call"));
        Assert.Equal($"tel:{CustomerNode.PhoneNumber}", await page.Page.GetAttributeAsync("#call", "href"));
        Assert.Equal(CustomerNode.MessageUrl, await page.Page.GetAttributeAsync("#message", "href"));
        var reached = await TabsAsync(page);
        Assert.Equal(["CANVAS", "share-button", "call", "message"], reached);

        await using var viewer = await CustomerPage.OpenAsync(
            await chromium.OpenAsync(Viewport.Phone), await dispatcher.ShareAsync(job));
        await Soon.TrueAsync("the status", async () => await viewer.TextAsync("headline") == "The operator is on the way");
        foreach (var hidden in new[] { "#call", "#message", "#share" })
        {
            Assert.False(await IsShownAsync(viewer, hidden), hidden);
        }

        await dispatcher.MoveOnAsync(job, "cancelled");
        await page.ConnectionIsAsync("ended");
        Assert.False(await IsShownAsync(page, "#call"));
    }

    [Fact]
    public async Task The_page_speaks_arabic_from_right_to_left_and_loads_no_other_language()
    {
        using var dispatcher = new Dispatcher(Node);
        var job = await dispatcher.CreateJobAsync(Latitude, Longitude);
        using var device = new PostingDevice(Node, job.Device);
        await using var page = await CustomerPage.OpenAsync(
            await chromium.OpenAsync(Viewport.Desktop, new Visitor("ar-EG")), job, "live");
        await device.MoveAsync(48.13, Longitude);

        await Soon.TrueAsync("Arabic numerals", async () => (await page.TextAsync("distance-value")).Contains('٨', StringComparison.Ordinal));
        Assert.Equal("مقدّم الخدمة في الطريق إليك", await page.TextAsync("headline"));
        Assert.Equal("ar-EG rtl", await page.Page.EvaluateAsync<string>("`${document.documentElement.lang} ${document.documentElement.dir}`"));
        Assert.True(await page.Page.EvaluateAsync<bool>("document.getElementById('card').getBoundingClientRect().left > innerWidth / 2"));
        var markerIsFree = "document.querySelector('[data-testid=operator-marker]').getBoundingClientRect().right"
            + " < document.getElementById('card').getBoundingClientRect().left";
        await Soon.TrueAsync("a marker beside the card", () => page.Page.EvaluateAsync<bool>(markerIsFree));
        Assert.Equal(["ar"], page.Watched.Requests.Select(url => url.AbsolutePath.Split('/')[^1])
            .Where(name => name.Length > 3 && name[2] == '-').Select(name => name[..2]));
        await page.Watched.ShootAsync("customer-ar");

        // Chosen in the address it wins over the browser's.
        await page.Page.GotoAsync(job.Link.ToString().Replace("#", "?lang=de#", StringComparison.Ordinal));
        await Soon.TrueAsync("German", async () => await page.TextAsync("headline") == "Das Fahrzeug ist zu Ihnen unterwegs");
        Assert.Empty(page.Watched.Errors);
    }

    [Fact]
    public async Task Nothing_keeps_people_from_using_the_page_in_any_of_its_states()
    {
        using var dispatcher = new Dispatcher(Node);
        var job = await dispatcher.CreateJobAsync(Latitude, Longitude);
        using var device = new PostingDevice(Node, job.Device);
        await device.MoveAsync(48.13, Longitude);
        await using var page = await OpenAsync(job, new Visitor(Permissions: ["geolocation"], Place: (48.1381f, 11.5761f)));
        await Soon.TrueAsync("a marker", async () => await page.MarkerAsync() is not null);
        await Axe.AssertCleanAsync(page.Page, "en route");
        await page.Page.ClickAsync("#share-button");
        await SharingIsAsync(page, "on");
        await Axe.AssertCleanAsync(page.Page, "sharing");
        await dispatcher.MoveOnAsync(job, "arrived");
        await HeadlineIsAsync(page, "Your operator has arrived");
        await Axe.AssertCleanAsync(page.Page, "arrived");
        await page.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ReducedMotion = ReducedMotion.Reduce });
        Assert.Equal("none", await page.Page.EvaluateAsync<string>(
            "getComputedStyle(document.querySelector('.operator-pulse')).animationName"));

        await dispatcher.MoveOnAsync(job, "in_progress");
        await dispatcher.MoveOnAsync(job, "completed");
        await page.ConnectionIsAsync("ended");
        await Axe.AssertCleanAsync(page.Page, "ended");

        await page.Page.GotoAsync($"{Node.Address}t/{job.RequestId}?lang=ar#wrong");
        await page.ConnectionIsAsync("denied");
        await Axe.AssertCleanAsync(page.Page, "problem in Arabic");
    }

    [Fact]
    public async Task Without_any_way_to_draw_a_map_its_places_are_written()
    {
        using var dispatcher = new Dispatcher(Node);
        var job = await dispatcher.CreateJobAsync(Latitude, Longitude);
        using var device = new PostingDevice(Node, job.Device);
        await using var watched = await chromium.OpenAsync(Viewport.Phone);
        await watched.Page.AddInitScriptAsync("HTMLCanvasElement.prototype.getContext = () => null");
        await watched.Page.GotoAsync(job.Link.ToString());
        await device.MoveAsync(48.13, Longitude);

        await Soon.TrueAsync("the operator's place", async () => await ReadAsync("operator-place") == "48.13000, 11.57500");
        Assert.Equal("48.13700, 11.57500", await ReadAsync("pickup-place"));
        Assert.Equal("Your operator is on the way", await ReadAsync("headline"));
        await Soon.TrueAsync("the distance", async () => await ReadAsync("distance-value") == "780 m");
        Assert.Equal("Position up to date", await ReadAsync("seen"));

        Task<string> ReadAsync(string id) => watched.Page.InnerTextAsync($"#{id}");
    }

    private async Task<CustomerPage> OpenAsync(Job job, Visitor? visitor = null) =>
        await CustomerPage.OpenAsync(await chromium.OpenAsync(Viewport.Phone, visitor), job, "live");

    private static Task<bool> IsShownAsync(CustomerPage page, string selector) => page.Page.Locator(selector).IsVisibleAsync();

    private static Task SharingIsAsync(CustomerPage page, string state) => Soon.TrueAsync(
        $"sharing that is {state}", async () => await page.Page.GetAttributeAsync("#share", "data-state") == state);

    private static Task HeadlineIsAsync(CustomerPage page, string headline) =>
        Soon.TrueAsync($"'{headline}'", async () => await page.TextAsync("headline") == headline);

    // As the operator's side is told it: what somebody gets who begins to watch.
    private static Task OperatorSeesAsync(Dispatcher dispatcher, Job job, double latitude) =>
        Soon.TrueAsync($"the customer at {latitude}", async () =>
            (await dispatcher.EventsAsync(job)).GetProperty("snapshot").GetProperty("customer") is { ValueKind: JsonValueKind.Object } place
            && Math.Abs(place.GetProperty("lat").GetDouble() - latitude) < 0.00001);

    private static Task<string[]> NotificationsAsync(CustomerPage page) => page.Page.EvaluateAsync<string[]>(
        """
        navigator.serviceWorker.getRegistration('/t/')
          .then(worker => worker.getNotifications())
          .then(all => all.map(({ title, body }) => `${title}: ${body}`))
        """);

    // Everything that the keyboard reaches, in order, once around; each must show that it is reached.
    private static async Task<IReadOnlyList<string>> TabsAsync(CustomerPage page)
    {
        var reached = new List<string>();
        for (var i = 0; i < 12; i++)
        {
            await page.Page.Keyboard.PressAsync("Tab");
            var focus = await page.Page.EvaluateAsync<string[]>(
                "[document.activeElement.id || document.activeElement.tagName, getComputedStyle(document.activeElement).outlineStyle]");
            var id = focus[0];
            if (id == "BODY" || reached.Contains(id))
            {
                break;
            }

            Assert.Equal("solid", focus[1]);
            reached.Add(id);
        }

        return reached;
    }
}
