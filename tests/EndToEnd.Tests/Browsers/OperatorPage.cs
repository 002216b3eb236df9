using ArtMqtt.EndToEnd.Tests.Servers;
using Microsoft.Playwright;

namespace ArtMqtt.EndToEnd.Tests.Browsers;

/// <summary>The page of an operator, on a phone whose place the test decides.</summary>
internal sealed class OperatorPage(WatchedPage watched, Uri site) : IAsyncDisposable
{
    private const float Accuracy = 8;
    private double _latitude = 48.137;

    public IPage Page => watched.Page;

    public WatchedPage Watched => watched;

    private IBrowserContext Context => Page.Context;

    /// <summary>A browser that is somewhere; nothing is open yet.</summary>
    public static async Task<OperatorPage> CreateAsync(Chromium chromium, Viewport viewport, Uri site)
    {
        var page = new OperatorPage(await chromium.OpenAsync(viewport), site);
        await page.PlaceAsync();
        return page;
    }

    /// <summary>Lets the page know where it is, and keep the screen on.</summary>
    public Task AllowAsync() => Context.GrantPermissionsAsync(["geolocation", "screen-wake-lock"]);

    /// <summary>Another page of the same browser.</summary>
    public async Task<OperatorPage> OpenAnotherAsync()
    {
        var another = new OperatorPage(new WatchedPage(await Context.NewPageAsync(), watched.Viewport), site);
        await another.GotoAsync();
        return another;
    }

    /// <summary>Signed in with a link, on duty, and its first fix taken.</summary>
    public static async Task<OperatorPage> OnDutyAsync(Chromium chromium, Viewport viewport, Uri site, Credential device)
    {
        var page = await CreateAsync(chromium, viewport, site);
        await page.AllowAsync();
        await page.OpenLinkAsync(device);
        await page.GoOnDutyAsync();
        return page;
    }

    public Task GotoAsync(string fragment = "") => Page.GotoAsync($"{new Uri(site, "/operator")}{fragment}");

    /// <summary>Opens the sign-in link, until the page is signed in and can be opened without a network.</summary>
    public async Task OpenLinkAsync(Credential device)
    {
        await GotoAsync($"#{device.DeviceId}:{device.Secret}");
        await ShowsAsync("#duty");
        await Page.EvaluateAsync("() => navigator.serviceWorker.ready.then(() => true)");
    }

    public async Task GoOnDutyAsync()
    {
        await Page.CheckAsync("#duty");
        await Soon.TrueAsync("a first fix", async () => await CountAsync("taken") > 0);
    }

    /// <summary>Moves some metres north and waits until the page has taken the fix.</summary>
    /// <returns>The latitude.</returns>
    public async Task<double> MoveAsync()
    {
        var before = await CountAsync("taken");
        _latitude = Math.Round(_latitude + 0.0002, 7);
        await PlaceAsync();
        await Soon.TrueAsync($"a fix at {_latitude}", async () => await CountAsync("taken") > before);
        return _latitude;
    }

    /// <summary>Moves to a place, whatever the page makes of it.</summary>
    public async Task MoveToAsync(double latitude)
    {
        _latitude = latitude;
        await PlaceAsync();
    }

    public Task OfflineAsync(bool isOffline) => Context.SetOfflineAsync(isOffline);

    /// <summary>A sum of the page: <c>taken</c>, <c>queued</c> or <c>acknowledged</c>.</summary>
    public async Task<int> CountAsync(string name) => await Page.EvaluateAsync<int>(
        $"Number(document.getElementById('delivery')?.dataset.{name} ?? -1)");

    /// <summary>Waits until everything the page has taken is acknowledged.</summary>
    /// <returns>How many fixes that were.</returns>
    public async Task<int> DeliveredAsync()
    {
        await Soon.TrueAsync("an empty queue", async () => await CountAsync("queued") == 0);
        var taken = await CountAsync("taken");
        Assert.Equal(taken, await CountAsync("acknowledged"));
        return taken;
    }

    public Task GoesByAsync(string way) => Soon.TrueAsync($"a page that sends by {way}", async () =>
        await Page.EvaluateAsync<string?>("document.getElementById('way')?.dataset.way") == way);

    public Task ShowsAsync(string selector) =>
        Soon.TrueAsync($"'{selector}'", async () => await Page.QuerySelectorAsync(selector) is not null);

    public Task ShowsNoAsync(string selector) =>
        Soon.TrueAsync($"no '{selector}'", async () => await Page.QuerySelectorAsync(selector) is null);

    public Task SaysAsync(string text) => Soon.TrueAsync($"'{text}'", async () =>
        (await Page.EvaluateAsync<string>("document.body.innerText")).Contains(text, StringComparison.Ordinal));

    public ValueTask DisposeAsync() => watched.DisposeAsync();

    private Task PlaceAsync() => Context.SetGeolocationAsync(new Geolocation
    {
        Latitude = (float)_latitude,
        Longitude = 11.575f,
        Accuracy = Accuracy,
    });
}
