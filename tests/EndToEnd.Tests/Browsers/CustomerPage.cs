using ArtMqtt.EndToEnd.Tests.Servers;
using Microsoft.Playwright;

namespace ArtMqtt.EndToEnd.Tests.Browsers;

/// <summary>The page of a waiting customer, with a recorder for its marker.</summary>
internal sealed class CustomerPage : IAsyncDisposable
{
    // Looks at the marker in each frame that the browser draws.
    private const string Recorder = """
        window.markerSamples = [];
        const look = () => {
          const marker = document.querySelector('[data-testid=operator-marker]')?.dataset;
          if (marker?.lat) {
            const { lat, lng, shownFix, stale } = marker;
            const last = window.markerSamples.at(-1);
            if (!last || last.lat !== +lat || last.lng !== +lng || last.isStale !== (stale === 'true')) {
              window.markerSamples.push({ lat: +lat, lng: +lng, fix: +shownFix, isStale: stale === 'true' });
            }
          }
          requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
        """;

    private const string State = """
        new Promise(resolve => {
          let frames = 0;
          const count = () => { frames++; requestAnimationFrame(count); };
          count();
          setTimeout(() => resolve(`${document.visibilityState}, ${frames} frames in a second\n${document.body.innerText}`), 1000);
        })
        """;

    private readonly WatchedPage _watched;

    private CustomerPage(WatchedPage watched) => _watched = watched;

    public IPage Page => _watched.Page;

    public WatchedPage Watched => _watched;

    /// <summary>Opens the customer's link and waits until it is live and has drawn its map.</summary>
    public static async Task<CustomerPage> OpenAsync(Chromium chromium, Viewport viewport, Job job) =>
        await OpenAsync(await chromium.OpenAsync(viewport), job, "live");

    /// <summary>The same in a page that was prepared, until it has this state of its connection.</summary>
    public static async Task<CustomerPage> OpenAsync(WatchedPage watched, Job job, string connection)
    {
        var page = new CustomerPage(watched);
        await page.Page.AddInitScriptAsync(Recorder);
        await page.Page.GotoAsync(job.Link.ToString());
        await page.ConnectionIsAsync(connection);
        await Soon.TrueAsync("a map", () =>
            page.Page.EvaluateAsync<bool>("!!document.querySelector('[data-testid=pickup-marker]')"));
        return page;
    }

    /// <summary>Opens a link that was handed out, and waits until it is live.</summary>
    public static async Task<CustomerPage> OpenAsync(WatchedPage watched, SharedLink share)
    {
        var page = new CustomerPage(watched);
        await page.Page.AddInitScriptAsync(Recorder);
        await page.Page.GotoAsync(share.Link.ToString());
        await page.ConnectionIsAsync("live");
        return page;
    }

    /// <summary>Waits until the page shows this state of its connection.</summary>
    public Task ConnectionIsAsync(params IReadOnlyList<string> states) => Soon.TrueAsync(
        $"a page that is {string.Join(" or ", states)}", async () => states.Contains(await ConnectionAsync()));

    /// <summary>State of the connection as the page has it.</summary>
    public Task<string> ConnectionAsync() => Page.EvaluateAsync<string>("document.body.dataset.connection");

    /// <summary>What a customer reads in an element.</summary>
    public Task<string> TextAsync(string id) => Page.EvaluateAsync<string>($"document.getElementById('{id}').innerText");

    /// <summary>Where the marker was, frame by frame; standing still counts once.</summary>
    public Task<MarkerSample[]> SamplesAsync() => Page.EvaluateAsync<MarkerSample[]>("window.markerSamples");

    /// <summary>The marker as it was drawn last; null before it appears.</summary>
    public Task<MarkerSample?> MarkerAsync() => Page.EvaluateAsync<MarkerSample?>("window.markerSamples.at(-1) ?? null");

    /// <summary>Waits for the marker; when it does not come, says what the page shows instead.</summary>
    public async Task MarkerAppearsAsync()
    {
        try
        {
            await Soon.TrueAsync("a marker", async () => await MarkerAsync() is not null);
        }
        catch (TimeoutException e)
        {
            await Watched.ShootAsync("no-marker");
            var state = await Page.EvaluateAsync<string>(State);
            throw new TimeoutException($"{e.Message}\n{state}\n{string.Join('\n', Watched.Errors)}\n{string.Join('\n', Watched.Requests)}", e);
        }
    }

    public ValueTask DisposeAsync() => _watched.DisposeAsync();
}
