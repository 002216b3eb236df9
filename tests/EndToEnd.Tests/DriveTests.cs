using ArtMqtt.EndToEnd.Tests.Browsers;
using ArtMqtt.EndToEnd.Tests.Publishers;
using ArtMqtt.EndToEnd.Tests.Recordings;
using ArtMqtt.EndToEnd.Tests.Servers;
using ArtMqtt.TestKit;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>A recording goes in at the device; it comes out at the customer's map and from the API.</summary>
public sealed class DriveTests(TimescaleServer server, Chromium chromium) : IDisposable
{
    private const string Gpx = "gpx/around-visnjan-with-car.gpx";
    private const string Nmea = "nmea/car-munich-2009.nmea";
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task A_made_up_drive_is_seen_and_stored_as_it_was() =>
        DriveAsync(MadeUpDrive.Write(_folder.Path), speed: 1, tolerance: 4, Viewport.Phone, Viewport.Desktop);

    // Faster, and the page takes the vehicle's haste for jumps.
    [Fact]
    public Task A_recorded_drive_in_gpx_is_seen_and_stored_as_it_was() => DriveAsync(
        GpxFile.Cut(Shared(Gpx), fixes: 40, _folder.Path), speed: 5, tolerance: 60, Viewport.Phone);

    [Fact]
    public Task A_recorded_drive_in_nmea_is_seen_and_stored_as_it_was() => DriveAsync(
        NmeaFile.Cut(Shared(Nmea), fixes: 110, _folder.Path), speed: 5, tolerance: 60, Viewport.Desktop);

    [Fact]
    public Task A_whole_recording_in_gpx_is_stored_as_it_was() => StoreAsync(GpxFile.Read(Shared(Gpx)));

    [Fact]
    public Task A_whole_recording_in_nmea_is_stored_as_it_was() => StoreAsync(NmeaFile.Read(Shared(Nmea)));

    private static string Shared(string path)
    {
        var recording = Repository.Recording(path);
        Assert.SkipWhen(recording is null, $"../shared/data/{path} is not on this machine.");
        return recording;
    }

    /// <param name="recording">What is driven.</param>
    /// <param name="speed">Times faster than recorded; 1,000 divided by it must be whole, so that times stay exact.</param>
    /// <param name="tolerance">Metres that the vehicle drives, so sped up, between two frames of a slow browser.</param>
    /// <param name="viewports">Pages that watch.</param>
    private async Task DriveAsync(Recording recording, int speed, double tolerance, params Viewport[] viewports)
    {
        // Played fast: thinned by the clock on the wall, the view would leave out half a minute of the drive.
        await using var node = await NodeProcess.StartNewAsync(server, "--Broker:LiveInterval", "00:00:00");
        using var dispatcher = new Dispatcher(node);
        var goal = recording.Fixes[^1];
        var job = await dispatcher.CreateJobAsync(goal.Latitude, goal.Longitude);
        var pages = new List<CustomerPage>();
        foreach (var viewport in viewports)
        {
            pages.Add(await CustomerPage.OpenAsync(chromium, viewport, job));
        }

        var replay = Agent.ReplayAsync(node, job.Device, recording, $"{speed}");
        await ShootOnTheWayAsync(pages, recording, speed);
        var counts = await replay;
        await node.DrainedAsync();

        Assert.Equal((counts.Published, 0, 0), (counts.Acknowledged, counts.Refused, counts.Waiting));
        var route = await dispatcher.RouteAsync(job.RequestId);
        AssertStored(recording, route, speed);
        foreach (var page in pages)
        {
            await AssertSeenAsync(page, route, tolerance);
            page.Watched.AssertAskedOnly(node.Address);
            Assert.Empty(page.Watched.Errors);
            await page.DisposeAsync();
        }
    }

    private async Task StoreAsync(Recording recording)
    {
        await using var node = await NodeProcess.StartNewAsync(server);
        using var dispatcher = new Dispatcher(node);
        var device = await dispatcher.CreateDeviceAsync();

        var counts = await Agent.ReplayAsync(node, device, recording, "max");
        await node.DrainedAsync();

        Assert.Equal((counts.Published, 0, 0), (counts.Acknowledged, counts.Refused, counts.Waiting));
        AssertStored(recording, await dispatcher.RouteAsync(device.DeviceId), speed: 1);
    }

    private static async Task ShootOnTheWayAsync(List<CustomerPage> pages, Recording recording, int speed)
    {
        foreach (var page in pages)
        {
            await Soon.TrueAsync("a third of the drive on the page", () =>
                page.Watched.Live.Locations is [{ } first, .., { } last]
                && last.Time - first.Time > recording.Fixes[^1].Time / speed / 3);
            await Soon.TrueAsync("a marker", async () => await page.MarkerAsync() is not null);
            await page.Watched.ShootAsync($"drive-{Path.GetFileNameWithoutExtension(recording.Path)}");
            Assert.Equal("live", await page.ConnectionAsync());
            Assert.Equal("Live", await page.TextAsync("connection-text"));
            Assert.Equal("Your operator is on the way", await page.TextAsync("headline"));
        }
    }

    /// <summary>The replay moves the recording to now; apart from that all is as it was, to the wire's 1e-7 degrees.</summary>
    private static void AssertStored(Recording recording, IReadOnlyList<RoutePoint> route, int speed)
    {
        var expected = recording.Fixes.Select(fix => new RoutePoint(fix.Time / speed, Wire(fix.Latitude), Wire(fix.Longitude)));
        var start = route[0].Time - (recording.Fixes[0].Time / speed);

        Assert.Equal(expected, route.Select(point => point with { Time = point.Time - start }));
    }

    private static double Wire(double degrees) => Math.Round(degrees * 1e7) / 1e7;

    private static async Task AssertSeenAsync(CustomerPage page, IReadOnlyList<RoutePoint> route, double tolerance)
    {
        var goal = route[^1];
        var arrived = -1;
        MarkerSample[] samples = [];
        await Soon.TrueAsync("the marker at its goal", async () =>
        {
            samples = await page.SamplesAsync();
            arrived = Array.FindIndex(samples, s => s.Fix == goal.Time
                && Way.Metres((s.Lat, s.Lng), (goal.Latitude, goal.Longitude)) < tolerance);
            return arrived >= 0;
        });

        // What came over the wire is the recording, thinned: every event is a stored position, newer than the last one.
        var received = page.Watched.Live.Locations;
        var stored = route.ToDictionary(point => point.Time);
        Assert.All(received, e => Assert.Equal(new RoutePoint(e.Time, e.Latitude, e.Longitude), stored[e.Time]));
        Assert.All(received.Zip(received.Skip(1)), pair => Assert.True(pair.First.Time < pair.Second.Time));

        // The marker drove along it, never back, and left nothing out. Behind the goal it rolls on by its own guess.
        var seen = samples.Take(arrived + 1).Select(s => (s.Lat, s.Lng)).ToList();
        var way = received.Select(e => (e.Latitude, e.Longitude)).ToList();
        new Way(way).AssertPasses(seen, tolerance);
        new Way(seen).AssertPasses(way, tolerance);
        Assert.DoesNotContain(samples, sample => sample.IsStale && sample.Fix < goal.Time);
        Assert.All(samples.Zip(samples.Skip(1)), pair => Assert.True(pair.First.Fix <= pair.Second.Fix));
    }
}
