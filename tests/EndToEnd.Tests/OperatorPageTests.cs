using System.Text.Json;
using ArtMqtt.EndToEnd.Tests.Browsers;
using ArtMqtt.EndToEnd.Tests.Servers;
using ArtMqtt.TestKit.Chaos;
using Microsoft.Playwright;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>The page of an operator: jobs, and positions that are stored once whatever the network does.</summary>
public sealed class OperatorPageTests(OperatorNode operators, Chromium chromium) : IClassFixture<OperatorNode>
{
    private NodeProcess Node => operators.Node;

    private Dispatcher Dispatcher => operators.Dispatcher;

    [Fact]
    public async Task A_job_comes_live_and_is_driven_to_its_end()
    {
        var device = await Dispatcher.CreateDeviceAsync();
        await using var page = await OperatorPage.CreateAsync(chromium, Viewport.Phone, Node.Address);
        await page.GotoAsync();
        await page.ShowsAsync("input[name=username]");
        await Axe.AssertCleanAsync(page.Page, "signed out");
        await page.Watched.ShootAsync("operator-sign-in");
        await page.Page.FillAsync("input[name=username]", device.DeviceId);
        await page.Page.FillAsync("input[name=password]", device.Secret);
        await page.Page.ClickAsync("button[type=submit]");
        await page.SaysAsync("No jobs at the moment.");
        await page.Page.CheckAsync("#duty");
        await page.ShowsAsync("#gps-problem[data-problem=denied]");
        await page.AllowAsync();
        await page.GoOnDutyAsync();
        await page.ShowsNoAsync("#gps-problem");
        await page.GoesByAsync("mqtt");
        await page.Page.UncheckAsync("#screen");
        await page.ShowsAsync("#screen-state[data-screen=free]");
        await page.Page.CheckAsync("#screen");
        await page.ShowsAsync("#screen-state[data-screen=held]");

        var job = await Dispatcher.AssignNewAsync(device, 48.15, 11.575, "Ada Huber", "Blue van, flat tyre.\nGate code 4711.");
        await page.SaysAsync("Ada Huber");
        await page.SaysAsync("Gate code 4711.");
        Assert.Contains("mlat=48.150000", await page.Page.GetAttributeAsync(".job a", "href"), StringComparison.Ordinal);
        await AcceptAsync(page, "en_route");
        await using var customer = await CustomerPage.OpenAsync(chromium, Viewport.Phone, job);
        await Soon.TrueAsync("'on the way' for the customer", async () => await StatusAsync(job) == "en_route");
        await page.MoveAsync();
        await Soon.TrueAsync("a vehicle for the customer", async () => await customer.MarkerAsync() is not null);
        await page.SaysAsync("Arrival");
        await Axe.AssertCleanAsync(page.Page, "on duty");
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            await page.Watched.ShootAsync($"operator-{scheme.ToString().ToLowerInvariant()}");
        }

        await AcceptAsync(page, "arrived");
        await AcceptAsync(page, "in_progress");
        await page.Page.ClickAsync("[data-next=completed]");
        await Axe.AssertCleanAsync(page.Page, "asked");
        Assert.Equal("in_progress", await StatusAsync(job));
        await page.Page.ClickAsync("dialog .is-main");
        await page.SaysAsync("No jobs at the moment.");
        Assert.Equal("completed", await StatusAsync(job));
        await StoredOnceAsync(page, device);
        page.Watched.AssertAskedOnly(Node.Address);
        Assert.Empty(page.Watched.Errors);
    }

    [Fact]
    public async Task What_is_measured_without_a_network_survives_a_reload_and_is_stored_once()
    {
        var device = await Dispatcher.CreateDeviceAsync();
        await using var page = await OperatorPage.OnDutyAsync(chromium, Viewport.Phone, Node.Address, device);
        Assert.DoesNotContain(page.Watched.Requests, url => url.ToString().Contains(device.Secret, StringComparison.Ordinal));
        Assert.Equal("/operator", new Uri(page.Page.Url).PathAndQuery + new Uri(page.Page.Url).Fragment);
        await page.GoesByAsync("mqtt");
        var places = new List<double> { await page.MoveAsync() };
        await page.DeliveredAsync();

        await page.OfflineAsync(true);
        await page.GoesByAsync("offline");
        places.AddRange([await page.MoveAsync(), await page.MoveAsync(), await page.MoveAsync()]);
        await page.Page.ReloadAsync();
        await page.ShowsAsync("#duty:checked");
        Assert.InRange(await page.CountAsync("queued"), 3, int.MaxValue);
        places.AddRange([await page.MoveAsync(), await page.MoveAsync()]);
        await page.GoesByAsync("offline");
        await page.Watched.ShootAsync("operator-offline");

        await page.OfflineAsync(false);
        var stored = await StoredOnceAsync(page, device);
        Assert.All(places, place => Assert.Contains(stored, latitude => Math.Abs(latitude - place) < 1e-5));
        await page.GoesByAsync("mqtt");
        await page.SaysAsync("Nothing");
    }

    [Fact]
    public async Task Where_no_websocket_passes_HTTP_does_until_one_can_be_had()
    {
        var device = await Dispatcher.CreateDeviceAsync();
        await using var proxy = new ChaosProxy(Node.HttpPort, seed: 1);
        proxy.Block(ChaosFault.ForbidUpgrade);
        await using var page = await OperatorPage.OnDutyAsync(
            chromium, Viewport.Phone, new Uri($"http://127.0.0.1:{proxy.Port}"), device);

        await page.GoesByAsync("http");
        await page.DeliveredAsync();
        Assert.True(proxy.Faults[ChaosFault.ForbidUpgrade] > 0);
        var job = await Dispatcher.AssignNewAsync(device, 48.15, 11.575, "Ada");
        await page.SaysAsync("Ada");
        await AcceptAsync(page, "en_route");
        Assert.Equal("en_route", await StatusAsync(job));
        await page.MoveAsync();
        await page.DeliveredAsync();

        proxy.Block(ChaosFault.None);
        await page.GoesByAsync("mqtt");
        await page.MoveAsync();
        await StoredOnceAsync(page, device);
    }

    [Fact]
    public async Task Who_may_not_sign_in_is_told_why_and_loses_nothing()
    {
        var device = await Dispatcher.CreateDeviceAsync();
        await using var page = await OperatorPage.CreateAsync(chromium, Viewport.Tablet, Node.Address);
        await page.AllowAsync();
        await page.Page.AddInitScriptAsync(
            "navigator.getBattery = async () => Object.assign(new EventTarget(), { level: 0.1, charging: false });");
        await page.GotoAsync($"#{device.DeviceId}:wrong");
        await page.SaysAsync("The device id or its secret is wrong.");
        await Dispatcher.SetEnabledAsync(device, false);
        await page.Page.FillAsync("input[name=password]", device.Secret);
        await page.Page.ClickAsync("button[type=submit]");
        await page.SaysAsync("This device is disabled.");
        await Axe.AssertCleanAsync(page.Page, "disabled");

        await Dispatcher.SetEnabledAsync(device, true);
        await page.Page.ClickAsync("button[type=submit]");
        await page.ShowsAsync("#duty");
        await page.GoOnDutyAsync();
        await page.DeliveredAsync();
        await page.SaysAsync("The battery is low");
        await Dispatcher.SetEnabledAsync(device, false);
        await page.ShowsAsync("#refused");
        await page.SaysAsync("This device is disabled.");
        await page.MoveAsync();
        await page.Watched.ShootAsync("operator-refused");
        Assert.True(await page.CountAsync("queued") > 0);
        await Dispatcher.SetEnabledAsync(device, true);
        await page.ShowsNoAsync("#refused");
        await page.DeliveredAsync();

        var rotated = await Dispatcher.RotateAsync(device);
        await page.SaysAsync("The device id or its secret is wrong.");
        await page.MoveAsync();
        await page.Page.FillAsync("input[name=password]", rotated.Secret);
        await page.Page.ClickAsync("button[type=submit]");
        await page.ShowsNoAsync("#refused");
        await StoredOnceAsync(page, device);
    }

    [Fact]
    public async Task Of_two_open_pages_one_sends_and_off_duty_none_does_and_the_sign_out_forgets()
    {
        var device = await Dispatcher.CreateDeviceAsync();
        await using var page = await OperatorPage.OnDutyAsync(chromium, Viewport.Desktop, Node.Address, device);
        var second = await page.OpenAnotherAsync();
        var tab = second.Page;
        await second.ShowsAsync("#following");
        await page.MoveAsync();
        await Soon.TrueAsync("the same sums on both", async () =>
            await second.CountAsync("taken") == await page.CountAsync("taken"));
        await page.Page.CloseAsync();
        await second.ShowsNoAsync("#following");
        await second.MoveToAsync(48.16);
        await Soon.TrueAsync("a fix of the second page", async () => (await operators.Positions.PositionsAsync(device.DeviceId))
            .Any(position => Math.Abs(position.Lat - 48.16) < 1e-5));
        await StoredOnceAsync(second, device);
        await second.Watched.ShootAsync("operator");

        await tab.UncheckAsync("#duty");
        await second.GoesByAsync("off");
        var taken = await second.CountAsync("taken");
        await second.MoveToAsync(48.2);
        await tab.ClickAsync("#sign-out");
        Assert.Equal(taken, await second.CountAsync("taken"));
        await tab.ClickAsync("dialog .is-bad");
        await second.ShowsAsync("input[name=username]");
        await tab.ReloadAsync();
        await second.ShowsAsync("input[name=username]");
        Assert.Equal(0, await tab.EvaluateAsync<int>("""
            () => new Promise(done => {
              const opening = indexedDB.open('artmqtt-operator');
              opening.onsuccess = () => {
                const all = opening.result.transaction(['fixes', 'settings']);
                const [fixes, settings] = ['fixes', 'settings'].map(name => all.objectStore(name).count());
                all.oncomplete = () => done(fixes.result + settings.result);
              };
            })
            """));
    }

    private static async Task AcceptAsync(OperatorPage page, string status)
    {
        await page.Page.ClickAsync($"[data-next={status}]");
        await page.ShowsAsync($".job[data-status={status}]");
    }

    /// <summary>Waits for the end of the queue and looks into the database: everything taken is there, and nothing twice.</summary>
    private async Task<IReadOnlyList<double>> StoredOnceAsync(OperatorPage page, Credential device)
    {
        var taken = await page.DeliveredAsync();
        await Node.DrainedAsync();
        var stored = await operators.Positions.PositionsAsync(device.DeviceId);
        // A heartbeat may have come since.
        Assert.InRange(stored.Count, taken, await page.CountAsync("taken"));
        Assert.Equal(stored.Count, stored.Select(position => position.Time).Distinct().Count());
        Assert.Empty(await operators.Positions.LettersAsync(device.DeviceId));
        return [.. stored.Select(position => position.Lat)];
    }

    private async Task<string?> StatusAsync(Job job)
    {
        using var answer = await Node.GetAsync($"/api/requests/{job.RequestId}", job.Token);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return JsonDocument.Parse(text).RootElement.GetProperty("status").GetString();
    }
}
