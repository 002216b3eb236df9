using System.Text.Json;
using ArtMqtt.EndToEnd.Tests.Browsers;
using ArtMqtt.EndToEnd.Tests.Publishers;
using ArtMqtt.EndToEnd.Tests.Servers;
using ArtMqtt.TestKit;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>The page of a shared link, and what its holder may send.</summary>
public sealed class ShareTests(TimescaleServer server, Chromium chromium) : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Who_looks_on_sees_the_operator_but_not_the_customer_until_the_link_is_revoked()
    {
        await using var node = await NodeProcess.StartNewAsync(server);
        using var dispatcher = new Dispatcher(node);
        var job = await dispatcher.CreateJobAsync(48.137, 11.575);
        var share = await dispatcher.ShareAsync(job);
        await using var desktop = await OpenAsync(Viewport.Desktop, share);
        await using var page = await OpenAsync(Viewport.Phone, share);
        await using var agent = await Agent.StartAsync(node, job.Device, _folder.Path);
        foreach (var one in new[] { page, desktop })
        {
            await Soon.TrueAsync("a marker", async () => await one.MarkerAsync() is not null);
            await Soon.TrueAsync("'Live'", async () => await one.TextAsync("connection-text") == "Live");
            Assert.Equal("The operator is on the way", await one.TextAsync("headline"));
            await one.Watched.ShootAsync("shared");
        }

        Assert.False(await page.Page.EvaluateAsync<bool>("!!document.querySelector('[data-testid=pickup-marker]')"));
        Assert.False(await page.Page.EvaluateAsync<bool>("!!document.querySelector('[data-testid=customer-marker]')"));
        await Soon.TrueAsync("two openings", async () => await dispatcher.OpensAsync(share) == 2);
        // Only the WebSocket has it in its address, which is not logged: browsers cannot set headers on one.
        Assert.All(
            page.Watched.Requests.Where(url => url.Scheme is not "ws"),
            url => Assert.DoesNotContain(share.Token[2..], url.PathAndQuery, StringComparison.Ordinal));

        await dispatcher.RevokeAsync(share);

        await SaysAsync(page, "This link was revoked");
        await SaysAsync(desktop, "This link was revoked");
        await page.Watched.ShootAsync("shared-revoked");
        await page.Page.ReloadAsync();
        await SaysAsync(page, "This link was revoked");
        Assert.Equal("Whoever sent it to you has taken it back.", await page.TextAsync("detail"));
        await page.ConnectionIsAsync("denied");
        Assert.Null(agent.ExitCode);
        Assert.DoesNotContain(share.Token[2..], node.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_says_that_the_job_is_over_and_a_link_that_is_none_is_refused()
    {
        await using var node = await NodeProcess.StartNewAsync(server);
        using var dispatcher = new Dispatcher(node);
        var job = await dispatcher.CreateJobAsync(48.137, 11.575);
        var share = await dispatcher.ShareAsync(job);
        await using var page = await OpenAsync(Viewport.Phone, share);

        foreach (var status in new[] { "arrived", "in_progress", "completed" })
        {
            await dispatcher.MoveOnAsync(job, status);
        }

        await SaysAsync(page, "All done");
        Assert.Equal("This link has ended with the request.", await page.TextAsync("detail"));
        await page.ConnectionIsAsync("ended");
        await page.Watched.ShootAsync("shared-ended");
        await page.Page.ReloadAsync();
        await SaysAsync(page, "All done");

        await using var wrong = await chromium.OpenAsync(Viewport.Phone);
        await wrong.Page.GotoAsync($"{node.Address}s#0000000000000000000");
        await Soon.TrueAsync("a refusal", async () =>
            (await wrong.Page.EvaluateAsync<string>("document.body.innerText")).Contains("no longer valid", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_link_of_the_customer_sends_the_customers_place_and_a_viewers_does_not()
    {
        await using var node = await NodeProcess.StartNewAsync(server);
        using var dispatcher = new Dispatcher(node);
        var job = await dispatcher.CreateJobAsync(48.2, 11.6);
        await using var customer = await ConnectAsync(node, await dispatcher.ShareAsync(job, "customer"));
        await using var viewer = await ConnectAsync(node, await dispatcher.ShareAsync(job));
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

        Assert.Equal(1, await SendAsync(customer, "customer:location", now - 1_000));
        await RefusedAsync(customer, "location:update");
        await RefusedAsync(viewer, "customer:location");
        await RefusedAsync(viewer, "location:update");

        await node.DrainedAsync();
        Assert.Equal([now - 1_000], (await dispatcher.CustomerRouteAsync(job.RequestId)).Select(point => point.Time));

        Task<int> SendAsync(HubConnection connection, string method, long timestamp) => connection.InvokeAsync<int>(
            method, job.RequestId.ToString(), JsonSerializer.SerializeToElement(new { lat = 48.2, lng = 11.6, timestamp }), Token);

        async Task RefusedAsync(HubConnection connection, string method)
        {
            var refused = await Assert.ThrowsAsync<HubException>(() => SendAsync(connection, method, now));
            Assert.Contains("publish_not_allowed: ", refused.Message, StringComparison.Ordinal);
        }
    }

    private async Task<CustomerPage> OpenAsync(Viewport viewport, SharedLink share) =>
        await CustomerPage.OpenAsync(await chromium.OpenAsync(viewport), share);

    private static Task SaysAsync(CustomerPage page, string headline) =>
        Soon.TrueAsync($"'{headline}'", async () => await page.TextAsync("headline") == headline);

    private static async Task<HubConnection> ConnectAsync(NodeProcess node, SharedLink share)
    {
        var connection = new HubConnectionBuilder().WithUrl(
            new Uri(node.Address, "/hubs/tracking"),
            options => options.AccessTokenProvider = () => Task.FromResult<string?>(share.Token)).Build();
        await connection.StartAsync(Token);
        return connection;
    }
}
