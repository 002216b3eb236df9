using ArtMqtt.EndToEnd.Tests.Browsers;
using ArtMqtt.EndToEnd.Tests.Servers;
using ArtMqtt.TestKit;
using Microsoft.Playwright;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>The dispatchers' work: requests by status, who is near, assigning, what happened, which links are out.</summary>
public sealed class BoardPageTests(TimescaleServer server, Chromium chromium)
{
    private static readonly Viewport _narrow = new("narrow", 360, 740, IsPhone: true);

    [Fact]
    public async Task Requests_are_made_assigned_and_followed_on_the_board_and_nothing_is_missed_while_the_node_is_down()
    {
        var database = await server.CreateDatabaseAsync();
        var table = new PositionTable(database);
        await using var node = new NodeProcess(database);
        await node.StartAsync();
        using var dispatcher = new Dispatcher(node);
        var near = await PlaceAsync(dispatcher, table, 48.14);
        var far = await PlaceAsync(dispatcher, table, 48.20);
        await using var watched = await chromium.OpenAsync(Viewport.Desktop);
        var page = watched.Page;
        await page.GotoAsync(new Uri(node.Address, "/admin?view=requests").ToString());
        await page.FillAsync("[name=token]", node.Secret("dispatcher-token"));
        await page.ClickAsync("[type=submit]");
        await page.WaitForSelectorAsync(".board[data-connection=live][data-loaded]");

        // A request is made on the page; another one somewhere else.
        await page.ClickAsync("text=New request");
        await page.FillAsync("[name=pickup]", "48.137, 191.5");
        await page.ClickAsync("dialog [type=submit]");
        await page.WaitForSelectorAsync("dialog [role=alert]");
        await page.FillAsync("[name=pickup]", "48.137, 11.575");
        await page.FillAsync("[name=customerName]", "Ada");
        await page.ClickAsync("dialog [type=submit]");
        var link = await page.InputValueAsync("dialog textarea[readonly]");
        await page.ClickAsync("dialog >> text=Close");
        Assert.StartsWith(node.Address.ToString(), link, StringComparison.Ordinal);
        var ada = await CardAsync(page, "pending", "Ada");
        await dispatcher.CreateRequestAsync(48.137, 11.575, "Grace");
        var grace = await CardAsync(page, "pending", "Grace");

        // The nearest first, by the time they need; a button assigns.
        await page.WaitForSelectorAsync(".nearest-vehicle");
        Assert.Equal([near, far], await page.EvaluateAsync<string[]>(
            "[...document.querySelectorAll('.nearest-vehicle')].map(v => v.dataset.device)"));
        await Axe.AssertCleanAsync(page, "board");
        await watched.ShootAsync("board");
        await page.ClickAsync($"[data-device='{near}'] .button");
        await page.WaitForSelectorAsync($"[data-column=assigned] [data-request='{ada}']");

        // A vehicle is dragged onto a request; a request onto another vehicle.
        await page.ClickAsync($"[data-request='{grace}'] button");
        await page.WaitForSelectorAsync($"[data-device='{far}']");
        await page.DragAndDropAsync($"[data-device='{far}'] .nearest-name", $"[data-request='{grace}']");
        await page.WaitForSelectorAsync($"[data-column=assigned] [data-request='{grace}'] >> text={far}");
        await page.ClickAsync("[role=switch]");
        await page.WaitForSelectorAsync($"[data-device='{near}']");
        await page.DragAndDropAsync($"[data-request='{grace}']", $"[data-device='{near}']");
        await page.WaitForSelectorAsync($"[data-request='{grace}'] >> text={near}");

        // It moves on, here and elsewhere.
        await page.ClickAsync("text=Is on the way");
        await page.WaitForSelectorAsync($"[data-column=en_route] [data-request='{grace}']");
        await dispatcher.MoveOnAsync(Guid.Parse(ada!), "en_route");
        await page.WaitForSelectorAsync($"[data-column=en_route] [data-request='{ada}']");
        await page.ClickAsync("text=New link for the customer");
        await page.WaitForSelectorAsync(".board-selected .ops-copyable");

        // While the node is down, one request ends and another begins.
        await node.KillAsync();
        await page.WaitForSelectorAsync(".board[data-connection=catching-up]");
        await table.ExecuteAsync($"""
            UPDATE service_requests SET status = 'cancelled', version = version + 1 WHERE request_id = '{ada}';
            INSERT INTO service_requests (request_id, pickup_lat, pickup_lng, customer_name, customer_token_hash)
            VALUES (gen_random_uuid(), 48, 11, 'Edsger', '\x00')
            """);
        await node.StartAsync();
        await CardAsync(page, "pending", "Edsger");
        await page.WaitForSelectorAsync($"[data-column=over] [data-request='{ada}']");
        await page.WaitForSelectorAsync(".board[data-connection=live]");

        await page.ClickAsync("text=Cancel request");
        await page.ClickAsync("dialog >> text=Keep it");
        await page.ClickAsync("text=Cancel request");
        await page.ClickAsync("dialog [type=submit]");
        await page.WaitForSelectorAsync($"[data-column=over] [data-request='{grace}']");

        await page.SetViewportSizeAsync(_narrow.Width, _narrow.Height);
        Assert.True(await FitsAsync(page), "The board is wider than a phone.");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Repository.Root, "artifacts", "screenshots", "board-narrow.png") });
        await page.SetViewportSizeAsync(Viewport.Desktop.Width, Viewport.Desktop.Height);

        // What happened, and which links are out.
        await page.ClickAsync("nav >> text=Events");
        await page.WaitForSelectorAsync("tbody tr");
        await page.FillAsync("[name=requestId]", grace!);
        await page.ClickAsync("[type=submit]");
        await Soon.TrueAsync("only what happened to one request", async () => await page.Locator("tbody tr").CountAsync() == 5);
        Assert.Contains("en route → cancelled", await page.InnerTextAsync("tbody tr"), StringComparison.Ordinal);
        await Axe.AssertCleanAsync(page, "events");
        await watched.ShootAsync("events");
        await page.GoBackAsync();
        await page.ClickAsync("nav >> text=Links");
        await page.WaitForSelectorAsync("tbody tr >> text=ended");
        await Axe.AssertCleanAsync(page, "links");
        await watched.ShootAsync("links");
        // From a bookmark, on a phone: nothing is missing that another view would have brought along.
        await page.SetViewportSizeAsync(_narrow.Width, _narrow.Height);
        await page.ReloadAsync();
        await page.WaitForSelectorAsync("tbody tr >> text=ended");
        Assert.Equal(0, await page.EvaluateAsync<int>("(view => view.scrollWidth - view.clientWidth)(document.querySelector('.shell-view'))"));
        watched.AssertAskedOnly(node.Address);
    }

    private static async Task<string> PlaceAsync(Dispatcher dispatcher, PositionTable table, double lat)
    {
        var device = await dispatcher.CreateDeviceAsync();
        await table.ExecuteAsync($"""
            INSERT INTO device_latest (device_key, fix_time, received_at, role, lat, lng)
            SELECT device_key, now(), now(), 0, {FormattableString.Invariant($"{lat}")}, 11.575
            FROM devices WHERE device_id = '{device.DeviceId}'
            """);
        return device.DeviceId;
    }

    private static async Task<string?> CardAsync(IPage page, string column, string name)
    {
        var card = await page.WaitForSelectorAsync($"[data-column={column}] .card:has-text('{name}')");
        return await card!.GetAttributeAsync("data-request");
    }

    private static Task<bool> FitsAsync(IPage page) =>
        page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth");
}
