using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ArtMqtt.EndToEnd.Tests.Browsers;
using ArtMqtt.EndToEnd.Tests.Publishers;
using ArtMqtt.EndToEnd.Tests.Servers;
using ArtMqtt.TestKit;
using Microsoft.Playwright;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>What a web developer copies from the documents, in a browser, against a node.</summary>
public sealed partial class SdkTests(TimescaleServer server, Chromium chromium) : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_three_lines_of_the_README_print_where_the_operator_is()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"), Token);
        var code = WatchExample().Match(readme).Groups["code"].Value;
        Assert.Equal(3, code.Trim().Split('\n').Length);
        await using var node = await NodeProcess.StartNewAsync(server);
        using var dispatcher = new Dispatcher(node);
        var job = await dispatcher.CreateJobAsync(48.137, 11.575);
        await using var page = await chromium.OpenAsync(Viewport.Desktop);
        var printed = new ConcurrentQueue<string>();
        page.Page.Console += (_, message) => printed.Enqueue(message.Text);
        await page.Page.GotoAsync(node.Address.ToString());

        await page.Page.EvaluateAsync(
            $"(async ([requestId, token]) => {{ {code} }})({JsonSerializer.Serialize(new[] { job.RequestId.ToString(), job.Token })})");
        await Agent.SimulateAsync(node, job.Device, 10, _folder.Path);

        await Soon.TrueAsync("two places", () => printed.Count(text => Place().IsMatch(text)) >= 2);
        var route = (await dispatcher.RouteAsync(job.RequestId)).Select(point => $"{Text(point.Latitude)} {Text(point.Longitude)}").ToHashSet();
        Assert.All(printed.Where(text => Place().IsMatch(text)), text => Assert.Contains(text, route));
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task The_element_shows_the_operator_on_any_page_until_the_request_is_over()
    {
        await using var node = await NodeProcess.StartNewAsync(server);
        using var dispatcher = new Dispatcher(node);
        var job = await dispatcher.CreateJobAsync(48.137, 11.575);
        await using var page = await chromium.OpenAsync(Viewport.Phone);
        await page.Page.GotoAsync(node.Address.ToString());
        await page.Page.EvaluateAsync("document.body.replaceChildren()");
        await page.Page.AddScriptTagAsync(new PageAddScriptTagOptions { Type = "module", Url = "/sdk/art-tracker.js" });
        var drive = Agent.SimulateAsync(node, job.Device, 15, _folder.Path);
        await page.Page.EvaluateAsync("""
            ([request, token]) => {
              const tracker = Object.assign(document.createElement('art-tracker'), { id: 'tracker', lang: 'en' });
              tracker.setAttribute('request', request);
              tracker.setAttribute('token', token);
              tracker.style.height = '640px';
              document.body.append(tracker);
              const places = window.places = [];
              const look = () => {
                const at = tracker.shadowRoot.querySelector('.vehicle')?.style.transform;
                if (at && at !== places.at(-1)) { places.push(at); }
                requestAnimationFrame(look);
              };
              look();
            }
            """, new[] { job.RequestId.ToString(), job.Token });

        await Soon.TrueAsync("a vehicle that moves", async () => await page.Page.EvaluateAsync<int>("places.length") > 20);
        Assert.Equal("Your operator is on the way", await TextAsync(page, ".headline"));
        Assert.Equal("Live", await TextAsync(page, ".state"));
        Assert.Matches("^(arrives in .+ · )?[0-9.]+ k?m away", await TextAsync(page, ".facts"));
        Assert.True(await page.Page.EvaluateAsync<bool>("!!tracker.shadowRoot.querySelector('.pickup')"));
        await page.ShootAsync("element");

        await page.Page.EvaluateAsync("tracker.sendCustomerLocation({ lat: 48.2, lng: 11.6 })");
        await drive;
        await node.DrainedAsync();
        Assert.Single(await dispatcher.CustomerRouteAsync(job.RequestId));

        foreach (var status in new[] { "arrived", "in_progress", "completed" })
        {
            await dispatcher.MoveOnAsync(job, status);
        }

        await Soon.TrueAsync("the end", async () => await TextAsync(page, ".headline") == "All done");
        Assert.Equal("", await TextAsync(page, ".facts"));
        Assert.False(await page.Page.EvaluateAsync<bool>("!!tracker.shadowRoot.querySelector('.vehicle')"));
        page.AssertAskedOnly(node.Address);
        Assert.Empty(page.Errors);
    }

    private static Task<string> TextAsync(WatchedPage page, string selector) =>
        page.Page.EvaluateAsync<string>($"tracker.shadowRoot.querySelector('{selector}').textContent");

    // As JavaScript prints it.
    private static string Text(double degrees) => degrees.ToString("R", CultureInfo.InvariantCulture);

    [GeneratedRegex("## Watch it.*?```js\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex WatchExample();

    [GeneratedRegex(@"^-?\d+(\.\d+)? -?\d+(\.\d+)?$")]
    private static partial Regex Place();
}
