using ArtMqtt.EndToEnd.Tests.Browsers;
using ArtMqtt.EndToEnd.Tests.Publishers;
using ArtMqtt.EndToEnd.Tests.Servers;
using ArtMqtt.TestKit;
using Microsoft.Playwright;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>What those do who look after the devices, on the page, with a node and devices as they are.</summary>
public sealed class AdminPageTests(TimescaleServer server, Chromium chromium) : IDisposable
{
    private const string DeviceId = "tow-truck-7";
    private const string Good = """{"lat":48.1,"lng":11.5,"timestamp":1772323200000}""";

    private readonly TestFolder _folder = new();
    private NodeProcess _node = null!;
    private IPage _page = null!;
    private WatchedPage _watched = null!;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_device_is_added_watched_sent_away_and_shut_out()
    {
        var database = await server.CreateDatabaseAsync();
        await using var node = _node = new NodeProcess(database);
        await node.StartAsync();
        await using var watched = _watched = await chromium.OpenAsync(Viewport.Desktop);
        var page = _page = watched.Page;
        await page.GotoAsync(new Uri(node.Address, "/admin?view=access").ToString());
        await page.FillAsync("[name=token]", node.Secret("admin-token"));
        await page.ClickAsync("[type=submit]");

        var device = await AddAsync();
        await GiveAndTakeAccessAsync();
        await using var agent = await Agent.StartAsync(node, device, _folder.Path);
        await UntilShownAsync("devices", "tr:has-text('tow-truck-7') .pill.is-good", "DeviceAgent/");
        await LookAsync("devices");

        await SendAwayAsync();
        await TakeInAgainAsync(database, device);
        await ShutOutAsync(device);
        await UntilShownAsync("system", ".ops-charts", "Stored, positions a second");
        await LookAsync("system");

        watched.AssertAskedOnly(node.Address);
    }

    private async Task<Credential> AddAsync()
    {
        await _page.FillAsync("[name=deviceId]", DeviceId);
        await _page.FillAsync("[name=name]", "Tow truck, Munich");
        await _page.ClickAsync("main button:text-is('Add the device')");
        var secret = await SecretAsync();
        await LookAsync("access");
        await _page.ClickAsync("dialog button:has-text('Close')");
        return new Credential(DeviceId, secret);
    }

    private async Task GiveAndTakeAccessAsync()
    {
        await _page.SelectOptionAsync("[name=role]", "analyst");
        await _page.FillAsync("[name=subject]", "ada");
        await _page.ClickAsync("main button:text-is('Issue the token')");
        var token = await _page.InputValueAsync("dialog textarea");
        await _page.ClickAsync("dialog button:has-text('Close')");
        await _page.WaitForSelectorAsync("tr:has-text('ada') .pill:text-is('active')");
        Assert.DoesNotContain(token[..20], await _page.InnerTextAsync("main"), StringComparison.Ordinal);
        Assert.Equal(200, await StatusAsync(token));
        await LookAsync("tokens");

        await _page.ClickAsync("tr:has-text('ada') >> text=Revoke");
        await _page.ClickAsync("dialog button:text-is('Keep it')");
        await _page.ClickAsync("tr:has-text('ada') >> text=Revoke");
        await _page.ClickAsync("dialog button:text-is('Revoke')");
        await _page.WaitForSelectorAsync("tr:has-text('ada') .pill:text-is('revoked')");
        Assert.Equal(0, await _page.Locator("tr:has-text('ada') button").CountAsync());
        Assert.Equal(401, await StatusAsync(token));
    }

    private async Task<int> StatusAsync(string token)
    {
        using var answer = await _node.GetAsync("/api/devices", token);
        return (int)answer.StatusCode;
    }

    // The agent comes back by itself; both is written down.
    private async Task SendAwayAsync()
    {
        await UntilShownAsync("clients", $"tr:has-text('{DeviceId}')", "MQTT 5, tcp");
        await LookAsync("clients");
        await _page.ClickAsync($"tr:has-text('{DeviceId}') >> text=Disconnect");
        await _page.ClickAsync("dialog button:has-text('Disconnect')");
        await _page.WaitForSelectorAsync("dialog", new() { State = WaitForSelectorState.Detached });
        await UntilShownAsync($"device&id={DeviceId}", "tr:has-text('somebody ended it')", "Disconnected");
        await UntilShownAsync($"device&id={DeviceId}", ".device-values .pill.is-good", "Online");
        Assert.True(await _page.Locator("td:has-text('Connected')").CountAsync() >= 2);
        await LookAsync("device");
    }

    private async Task TakeInAgainAsync(string database, Credential device)
    {
        var table = new PositionTable(database);
        await Mosquitto.PublishAsync(_node, device, "mqttv5", device.Topic, "<b>not</b> a position");
        await UntilShownAsync($"letters&device={DeviceId}", "tr:has-text('position_malformed')", device.Topic);
        await _page.ClickAsync("tr:has-text('position_malformed') >> text=Show");
        await _page.WaitForSelectorAsync("dialog pre:has-text('<b>not</b> a position')");
        await LookAsync("letters");
        await _page.ClickAsync("dialog button:has-text('Close')");
        await _page.ClickAsync("tr:has-text('position_malformed') >> text=Retry");
        await _page.WaitForSelectorAsync("[role=status]:has-text('0 letters taken in (0 positions), 1 kept')");

        // One that a rule of the past refused.
        await table.ExecuteAsync($"""
            INSERT INTO dead_letters (at, device_id, topic, code, detail, payload)
            VALUES (now(), '{DeviceId}', '{device.Topic}', 'position_field_missing', 'of old', convert_to('{Good}', 'UTF8'))
            """);
        await _page.ReloadAsync();
        await _page.ClickAsync("tr:has-text('position_field_missing') >> text=Retry");
        await _page.WaitForSelectorAsync("[role=status]:has-text('1 letter taken in (1 positions), 0 kept')");
        await Soon.TrueAsync("its position", async () =>
            (await table.PositionsAsync(DeviceId)).Any(position => position.Time == 1_772_323_200_000));
        await _page.ClickAsync("main button:text-is('Discard all')");
        await _page.ClickAsync("dialog button:has-text('Discard all')");
        await _page.WaitForSelectorAsync("text=There are no dead letters.");
        Assert.Empty(await table.LettersAsync(DeviceId));
    }

    private async Task ShutOutAsync(Credential device)
    {
        await OpenAsync($"device&id={DeviceId}");
        await _page.ClickAsync("main button:text-is('New secret')");
        await _page.SelectOptionAsync("dialog select", "0");
        await _page.ClickAsync("dialog button:has-text('New secret')");
        var newer = device with { Secret = await SecretAsync() };
        await _page.ClickAsync("dialog button:has-text('Close')");
        Assert.NotEqual(0, (await PublishAsync(device)).ExitCode);
        Assert.Equal(0, (await PublishAsync(newer)).ExitCode);

        await _page.ClickAsync("main button:text-is('Disable')");
        await _page.ClickAsync("dialog button:has-text('Disable')");
        await _page.WaitForSelectorAsync("button:has-text('Enable')");
        Assert.NotEqual(0, (await PublishAsync(newer)).ExitCode);
        await UntilShownAsync($"device&id={DeviceId}", "tr:has-text('it is disabled')", "Sign-in refused");
        await _page.ClickAsync("button:has-text('Enable')");
        await _page.WaitForSelectorAsync("button:has-text('Disable')");
        Assert.Equal(0, (await PublishAsync(newer)).ExitCode);
    }

    private Task<ProcessResult> PublishAsync(Credential device) =>
        Mosquitto.PublishAsync(_node, device, "mqttv311", device.Topic, Good);

    private async Task<string> SecretAsync()
    {
        await _page.WaitForSelectorAsync("dialog textarea");
        var secret = await _page.InputValueAsync("dialog textarea >> nth=0");
        Assert.Equal(43, secret.Length);
        return secret;
    }

    private async Task OpenAsync(string view) =>
        await _page.GotoAsync(new Uri(_node.Address, $"/admin?view={view}").ToString());

    // Opened again instead of waiting for the page to ask by itself.
    private Task UntilShownAsync(string view, string selector, string text) => Soon.TrueAsync($"'{text}' in {view}", async () =>
    {
        await OpenAsync(view);
        await _page.WaitForSelectorAsync("main .note[role=status], main .banner, main table, main .panel");
        await _page.WaitForSelectorAsync("main .note[role=status]", new() { State = WaitForSelectorState.Detached });
        return await _page.Locator(selector).CountAsync() > 0
            && (await _page.InnerTextAsync("main")).Contains(text, StringComparison.Ordinal);
    });

    // Nothing to scroll sideways on the smallest phone, nothing in the way of anybody, and a picture of each.
    private async Task LookAsync(string name)
    {
        await Axe.AssertCleanAsync(_page, name);
        await _watched.ShootAsync($"admin-{name}");
        await _page.SetViewportSizeAsync(360, 740);
        Assert.Equal(360, await _page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Equal(0, await _page.EvaluateAsync<int>("(view => view.scrollWidth - view.clientWidth)(document.querySelector('.shell-view'))"));
        await _watched.ShootAsync($"admin-{name}-360");
        await _page.SetViewportSizeAsync(Viewport.Desktop.Width, Viewport.Desktop.Height);
    }
}
