using System.Text.Json;
using ArtMqtt.EndToEnd.Tests.Browsers;
using ArtMqtt.EndToEnd.Tests.Publishers;
using ArtMqtt.EndToEnd.Tests.Servers;
using ArtMqtt.TestKit;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>A customer is told when the operator arrives: on the page, and over MQTT.</summary>
public sealed class EtaTests(TimescaleServer server, Chromium chromium) : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_customer_reads_when_the_operator_arrives_until_they_have()
    {
        await using var node = await NodeProcess.StartNewAsync(server);
        using var dispatcher = new Dispatcher(node);
        // 5.6 km and more from the streets that are driven.
        var job = await dispatcher.CreateJobAsync(48.237, 11.575);
        await using var page = await CustomerPage.OpenAsync(chromium, Viewport.Phone, job);
        var drive = Agent.SimulateAsync(node, job.Device, 20, _folder.Path);

        await Soon.TrueAsync("an ETA", async () => await page.Page.EvaluateAsync<bool>("!document.getElementById('eta').hidden"));

        Assert.Matches("^[0-9]+ min$", await page.TextAsync("eta-value"));
        Assert.Matches("^arrives [0-9:]+.*\u2013.*[0-9:]+ [AP]M$", await page.TextAsync("eta-detail"));
        await page.Watched.ShootAsync("eta");
        var eta = JsonDocument.Parse(await Mosquitto.ReadAsync(node, job, $"art/requests/{job.RequestId}/eta")).RootElement;
        Assert.Equal("recent", eta.GetProperty("source").GetString());
        Assert.InRange(eta.GetProperty("etaSeconds").GetInt32(), 300, 3_600);
        Assert.InRange(eta.GetProperty("distanceMeters").GetInt32(), 7_000, 30_000);

        await dispatcher.MoveOnAsync(job, "arrived");
        await Soon.TrueAsync("no ETA", async () => await page.Page.EvaluateAsync<bool>("document.getElementById('eta').hidden"));
        await drive;
        Assert.Empty(page.Watched.Errors);
    }
}
