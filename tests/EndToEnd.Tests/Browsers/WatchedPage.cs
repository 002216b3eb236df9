using System.Collections.Concurrent;
using ArtMqtt.TestKit;
using Microsoft.Playwright;

namespace ArtMqtt.EndToEnd.Tests.Browsers;

/// <summary>A browser page and what it did: requests, errors, live events.</summary>
internal sealed class WatchedPage : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _errors = [];
    private readonly ConcurrentQueue<Uri> _requests = [];

    public WatchedPage(IPage page, Viewport viewport)
    {
        Page = page;
        Viewport = viewport;
        Live = new LiveFrames(page);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                _errors.Enqueue($"{message.Text} ({message.Location})");
            }
        };
        page.PageError += (_, error) => _errors.Enqueue(error);
        page.Request += (_, request) => _requests.Enqueue(new Uri(request.Url));
        page.WebSocket += (_, socket) => _requests.Enqueue(new Uri(socket.Url));
    }

    public IPage Page { get; }

    public Viewport Viewport { get; }

    /// <summary>The live events that came over its WebSockets.</summary>
    public LiveFrames Live { get; }

    /// <summary>Console and script errors.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>Everything it asked for, WebSockets included.</summary>
    public IReadOnlyCollection<Uri> Requests => _requests;

    /// <summary>Fails when the page asked anybody but this site.</summary>
    public void AssertAskedOnly(Uri site)
    {
        Assert.NotEmpty(_requests);
        Assert.DoesNotContain(
            _requests, url => url.Scheme is not ("data" or "blob") && url.Authority != site.Authority);
    }

    /// <summary>Keeps a picture for people in <c>artifacts/screenshots</c>.</summary>
    public Task ShootAsync(string name) => Page.ScreenshotAsync(new PageScreenshotOptions
    {
        Path = Path.Combine(Repository.Root, "artifacts", "screenshots", $"{name}-{Viewport.Name}.png"),
    });

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();
}
