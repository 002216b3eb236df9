using Microsoft.Playwright;

namespace ArtMqtt.EndToEnd.Tests.Browsers;

/// <summary>Debian's Chromium without a window, one for all tests; each page has a profile of its own.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private const string Program = "/usr/bin/chromium";

    // WebGL by software; nothing fetched in the background. Chromium refuses its sandbox to root.
    private static readonly string[] _arguments =
    [
        "--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
        "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Opens an empty page; skips the test where there is no Chromium.</summary>
    /// <param name="viewport">Its size.</param>
    /// <param name="visitor">Language, permissions and whereabouts of who visits it.</param>
    internal async Task<WatchedPage> OpenAsync(Viewport viewport, Visitor? visitor = null)
    {
        Assert.SkipUnless(File.Exists(Program), $"{Program} is not installed.");
        _playwright ??= await Playwright.CreateAsync();
        _browser ??= await _playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = Program, Args = _arguments });
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = viewport.Width, Height = viewport.Height },
            IsMobile = viewport.IsPhone,
            HasTouch = viewport.IsPhone,
            Locale = visitor?.Locale ?? "en-US",
            Permissions = visitor?.Permissions ?? [],
            Geolocation = visitor?.Place is { } place ? Visitor.At(place.Latitude, place.Longitude) : null,
        });
        return new WatchedPage(await context.NewPageAsync(), viewport);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
