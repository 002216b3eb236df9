using System.Text.Json;
using ArtMqtt.EndToEnd.Tests.Browsers;
using ArtMqtt.EndToEnd.Tests.Servers;

namespace ArtMqtt.EndToEnd.Tests.Watchers;

/// <summary>Our SDK in a browser, with a record of all that it told its page.</summary>
internal sealed class SdkWatcher : IAsyncDisposable
{
    private readonly WatchedPage _page;

    private SdkWatcher(WatchedPage page) => _page = page;

    /// <summary>Begins to watch the request of a job.</summary>
    public static async Task<SdkWatcher> StartAsync(Chromium chromium, Uri address, Job job)
    {
        var page = await chromium.OpenAsync(Viewport.Phone);
        await page.Page.GotoAsync(address.ToString());
        await page.Page.EvaluateAsync(
            """
            async ([requestId, token]) => {
              const { watchRequest } = await import('/sdk/artmqtt-client.js');
              const watch = watchRequest(location.origin, requestId, token);
              window.told = [];
              for (const name of ['request:status:updated', 'operator:location', 'connection']) {
                watch.on(name, data => window.told.push({ name, data }));
              }
            }
            """,
            new[] { job.RequestId.ToString(), job.Token });
        return new SdkWatcher(page);
    }

    /// <summary>The statuses it told, in order.</summary>
    public async Task<IReadOnlyList<string>> StatusesAsync() =>
        [.. (await ToldAsync("request:status:updated")).Select(status => status.GetProperty("status").GetString()!)];

    /// <summary>The fix times of the places it told, ms, in order.</summary>
    public async Task<IReadOnlyList<long>> FixesAsync() =>
        [.. (await ToldAsync("operator:location")).Select(place => place.GetProperty("timestamp").GetInt64())];

    /// <summary>The states of its connection, in order.</summary>
    public async Task<IReadOnlyList<string>> ConnectionsAsync() =>
        [.. (await ToldAsync("connection")).Select(state => state.GetString()!)];

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _page.DisposeAsync();

    private async Task<IEnumerable<JsonElement>> ToldAsync(string name) =>
        (await _page.Page.EvaluateAsync<JsonElement>("window.told")).EnumerateArray()
            .Where(told => told.GetProperty("name").GetString() == name)
            .Select(told => told.GetProperty("data"));
}
