using ArtMqtt.Contracts.Positions;
using ArtMqtt.DeviceAgent.Sources;
using ArtMqtt.TestKit;

namespace ArtMqtt.DeviceAgent.Tests.Sources;

public sealed class GpxSourceTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gpx/around-visnjan-with-car.gpx")]
    [InlineData("gpx/cerknicko-jezero.gpx")]
    [InlineData("gpx/Friday-Evening-Run.gpx")]
    [InlineData("gpx/Mojstrovka.gpx")]
    [InlineData("gpx/multitrackgpx.gpx")]
    [InlineData("gpx/osm.gpx")]
    [InlineData("gpx/run.gpx")]
    [InlineData("gpx/track-with-empty-segment.gpx")]
    [InlineData("gpx/track-with-extremes.gpx")]
    [InlineData("gpx/track_with_speed.gpx")]
    [InlineData("gpx/gpx1.1_with_all_fields.gpx")]
    [InlineData("gpx/unicode_with_bom.gpx")]
    [InlineData("bike/garmin-edge-500-activity.gpx")]
    [InlineData("bike/coros-pace-2-cycling-misaligned-fields.gpx")]
    [InlineData("bike/activity-small-fenix2-run.gpx")]
    public async Task Finds_the_known_points(string recording)
    {
        var (path, answer) = Answers.Of(recording);

        var source = new GpxSource(path);
        var fixes = await source.ReadAsync(TestContext.Current.CancellationToken).ToListAsync(
            TestContext.Current.CancellationToken);

        Assert.Equal(answer.GetProperty("points").GetInt32(), source.Counts.Read);
        if (answer.TryGetProperty("points_without_time", out var withoutTime))
        {
            Assert.Equal(withoutTime.GetInt32(), source.Counts.WithoutTime);
        }

        Assert.Equal(source.Counts.Read - source.Counts.WithoutTime, fixes.Count);
        if (answer.TryGetProperty("after_sort_and_dedupe", out var known) && known.TryGetProperty("first", out var first))
        {
            // One recording tells times apart by microseconds; the wire has milliseconds.
            if (known.GetProperty("median_interval_s").GetDouble() >= 0.001)
            {
                Assert.Equal(known.GetProperty("points").GetInt32(), fixes.Select(f => f.FixTime).Distinct().Count());
            }

            Assert.Equal(first.GetDouble(), fixes.Min(f => f.FixTime.ToUnixTimeMilliseconds() / 1000.0), 0.002);
        }
    }

    [Fact]
    public async Task Never_makes_a_place_of_undefined()
    {
        var (path, _) = Answers.Of("gpx/invalid/bad.gpx");

        var source = new GpxSource(path);

        Assert.Empty(await source.ReadAsync(TestContext.Current.CancellationToken).ToListAsync(
            TestContext.Current.CancellationToken));
        Assert.Equal(2, source.Counts.Invalid);
    }

    [Fact]
    public async Task Reads_motion_from_gpx_1_0_and_from_extensions()
    {
        var fixes = await ReadAsync("""
            <?xml version="1.0"?>
            <gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"
                 xmlns:x="http://www.garmin.com/xmlschemas/TrackPointExtension/v2"><trk><trkseg>
            <trkpt lat="0" lon="-180"><ele>12.5</ele><time>2024-05-01T12:00:00.25+02:00</time><speed>3.5</speed>
              <course>360</course><hdop>1.5</hdop></trkpt>
            <trkpt lat="-90" lon="180"><time>2024-05-01T10:00:01Z</time><extensions><x:TrackPointExtension>
              <x:speed>4.5</x:speed><x:course>90</x:course></x:TrackPointExtension></extensions></trkpt>
            </trkseg></trk></gpx>
            """);

        Assert.Equal(2, fixes.Count);
        Assert.Equal(
            new Position(0, -180, new DateTimeOffset(2024, 5, 1, 10, 0, 0, 250, TimeSpan.Zero))
            {
                Altitude = 12.5f,
                Speed = 3.5f,
                Heading = 0,
                Accuracy = 7.5f,
            },
            fixes[0]);
        Assert.Equal(4.5f, fixes[1].Speed);
        Assert.Equal(90f, fixes[1].Heading);
    }

    [Theory]
    [InlineData("<gpx><trk><trkseg>\n<trkpt lat=\"1\" lon=\"2\"><time>2024-05-01T10:00:01Z</time></trkpt>\n</trk></gpx>", "line 3")]
    [InlineData("<gpx><trk><trkseg>\n<trkpt lat=\"1\" lon=\"2\">\n<time>2024", "line 3")]
    [InlineData("<!DOCTYPE gpx [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><gpx/>", "line 1")]
    [InlineData("<kml/>", "<kml>")]
    [InlineData("$GPRMC", "line 1")]
    [InlineData("", "")]
    public async Task Says_where_a_file_is_broken(string text, string expected)
    {
        var e = await Assert.ThrowsAsync<SourceException>(() => ReadAsync(text));

        Assert.Contains("track.gpx", e.Message, StringComparison.Ordinal);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_when_a_file_is_missing()
    {
        var source = new GpxSource(Path.Combine(_folder.Path, "none.gpx"));

        await Assert.ThrowsAsync<SourceException>(async () =>
            await source.ReadAsync(TestContext.Current.CancellationToken).ToListAsync(
                TestContext.Current.CancellationToken));
    }

    private async Task<List<Position>> ReadAsync(string text)
    {
        var path = Path.Combine(_folder.Path, "track.gpx");
        await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
        return await new GpxSource(path).ReadAsync(TestContext.Current.CancellationToken).ToListAsync(
            TestContext.Current.CancellationToken);
    }
}
