using ArtMqtt.EndToEnd.Tests.Browsers;
using ArtMqtt.EndToEnd.Tests.Servers;
using ArtMqtt.TestKit;
using Microsoft.Playwright;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>The pages that need no link.</summary>
public sealed class PageTests(TimescaleServer server, Chromium chromium)
{
    [Theory]
    [InlineData("/", "ArtMqtt", "start")]
    [InlineData("/explorer", "Errors are RFC 9457", "explorer")]
    public async Task A_page_loads_without_errors_and_asks_nobody_else(string path, string shows, string name)
    {
        await using var node = await NodeProcess.StartNewAsync(server);
        foreach (var viewport in new[] { Viewport.Phone, Viewport.Desktop })
        {
            await using var page = await chromium.OpenAsync(viewport);

            await page.Page.GotoAsync(
                new Uri(node.Address, path).ToString(), new PageGotoOptions { WaitUntil = WaitUntilState.NetworkIdle });

            await Soon.TrueAsync($"'{shows}' on {path}", async () =>
                (await page.Page.EvaluateAsync<string>("document.body.innerText")).Contains(shows, StringComparison.Ordinal));
            await page.ShootAsync(name);
            page.AssertAskedOnly(node.Address);
            Assert.Empty(page.Errors);
        }
    }
}
