using System.Text.Json;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.DeviceAgent.Sources;

namespace ArtMqtt.DeviceAgent.Tests.Sources;

public sealed class NmeaRecordingTests
{
    [Theory]
    [InlineData("nmea/car-regensburg-geko-2010.nmea", 0)]
    [InlineData("nmea/car-munich-2009.nmea", 0)]
    [InlineData("nmea/boat-amsterdam-slow-2014.nmea", 1)]
    [InlineData("nmea/mixed-ais-ins-merrimac-2014.nmea", 0)]
    [InlineData("nmea/gpsd/firefly-II.log", 0)]
    [InlineData("nmea/gpsd/telit-he910.log", 0)]
    [InlineData("nmea/gpsd/humminbird-M37.log", 16)]
    [InlineData("nmea/gpsd/bt451.log", 2)]
    [InlineData("nmea/gpsd/beidou-gb.log", 0)]
    [InlineData("nmea/gpsd/nmea-fuzzy-cases.log", 0)]
    [InlineData("nmea/gpsd/quectel-eg25-g.log", 0)]
    [InlineData("nmea/gpsd/hab-gpspi.log", 0)]
    [InlineData("nmea/gpsd/com-1289.log", 0)]
    [InlineData("nmea/gpsd/ublox-neo-m9n-nmea.log", 0)]
    public async Task Finds_the_known_fixes(string recording, int withoutRmc)
    {
        var (path, answer) = Answers.Of(recording);

        var source = new NmeaSource(path, allowMissingChecksum: true);
        var fixes = await source.ReadAsync(TestContext.Current.CancellationToken).ToListAsync(
            TestContext.Current.CancellationToken);

        // The answers count RMC; a moment that only GGA or GLL tells is a fix as well.
        Assert.Equal(answer.GetProperty("points").GetInt32() + withoutRmc, fixes.Count);
        Assert.Equal(answer.GetProperty("rmc_void").GetInt64(), source.Counts.VoidRmc);
        // The answers count no sentence that is torn into the next one; the mixed log has 142 of those.
        Assert.InRange(source.Counts.ChecksumWrong, answer.GetProperty("bad_checksums").GetInt64(), 142);
        if (withoutRmc > 0)
        {
            return;
        }

        AssertBox(answer.GetProperty("bbox_latlon"), fixes);
        var known = answer.GetProperty("after_sort_and_dedupe");
        Assert.Equal(known.GetProperty("first").GetDouble(), fixes.Min(Seconds), 3);
        Assert.Equal(known.GetProperty("last").GetDouble(), fixes.Max(Seconds), 3);
        Assert.Equal(known.GetProperty("points").GetInt32(), fixes.Select(f => f.FixTime).Distinct().Count());
    }

    [Theory]
    [InlineData("nmea/void-fixes-silvretta.nmea")]
    [InlineData("nmea/gpsd/bu303-nofix.log")]
    public async Task Hands_on_nothing_when_the_receiver_had_no_solution(string recording)
    {
        var (path, answer) = Answers.Of(recording);

        var source = new NmeaSource(path, allowMissingChecksum: true);
        var fixes = await source.ReadAsync(TestContext.Current.CancellationToken).ToListAsync(
            TestContext.Current.CancellationToken);

        Assert.Empty(fixes);
        Assert.Equal(answer.GetProperty("rmc_void").GetInt64(), source.Counts.VoidRmc);
        Assert.True(source.Counts.Read > 0);
    }

    [Fact]
    public async Task Leaves_out_the_broken_date_of_a_week_rollover_and_passes_the_wrong_one_through()
    {
        var (path, _) = Answers.Of("nmea/gpsd/april6_2019.log");

        var source = new NmeaSource(path, allowMissingChecksum: false);
        var fix = Assert.Single(await source.ReadAsync(TestContext.Current.CancellationToken).ToListAsync(
            TestContext.Current.CancellationToken));

        Assert.Equal(new DateTimeOffset(1999, 8, 22, 0, 2, 31, 420, TimeSpan.Zero), fix.FixTime);
        Assert.Equal(1, source.Counts.WithoutTime);
        Assert.Equal(1, source.Counts.VoidRmc);
    }

    [Fact]
    public async Task Finds_the_one_good_fix_among_the_torn_lines_of_a_cold_boot()
    {
        var (path, _) = Answers.Of("nmea/gpsd/gp-320fw-2019-04-07-coldboot.log");

        var source = new NmeaSource(path, allowMissingChecksum: false);
        var fixes = await source.ReadAsync(TestContext.Current.CancellationToken).ToListAsync(
            TestContext.Current.CancellationToken);

        var fix = Assert.Single(fixes);
        Assert.Equal(new DateTimeOffset(2019, 4, 7, 0, 3, 45, 30, TimeSpan.Zero), fix.FixTime);
        Assert.Equal(48.149988333, fix.Latitude, 1e-8);
        Assert.True(source.Counts.ChecksumWrong > 0);
    }

    [Theory]
    [InlineData("com-1289")]
    [InlineData("firefly-II")]
    [InlineData("hab-gpspi")]
    [InlineData("nmea-fuzzy-cases")]
    [InlineData("quectel-eg25-g")]
    [InlineData("telit-he910")]
    [InlineData("ublox-neo-m9n-nmea")]
    public async Task Agrees_with_gpsd(string log)
    {
        var (path, _) = Answers.Of($"nmea/gpsd/{log}.log");

        var fixes = (await new NmeaSource(path, allowMissingChecksum: false)
            .ReadAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken))
            .GroupBy(f => f.FixTime).ToDictionary(g => g.Key, g => g.Last());

        var compared = 0;
        foreach (var (time, report) in ReportsAfterRmc($"{path}.chk"))
        {
            var fix = fixes[time];
            Assert.Equal(report.GetProperty("lat").GetDouble(), fix.Latitude, 1e-8);
            Assert.Equal(report.GetProperty("lon").GetDouble(), fix.Longitude, 1e-8);
            AssertClose(report, "speed", fix.Speed, 0.002);
            AssertClose(report, "track", fix.Heading, 0.002);
            compared++;
        }

        Assert.True(compared > 0);
    }

    private static void AssertClose(JsonElement report, string member, float? ours, double tolerance)
    {
        if (report.TryGetProperty(member, out var theirs) && ours is not null)
        {
            Assert.Equal(theirs.GetDouble(), ours.Value, tolerance);
        }
    }

    private static IEnumerable<(DateTimeOffset Time, JsonElement Report)> ReportsAfterRmc(string path)
    {
        var isAfterRmc = false;
        foreach (var line in File.ReadLines(path))
        {
            if (isAfterRmc && line.StartsWith("{\"class\":\"TPV\"", StringComparison.Ordinal))
            {
                using var document = JsonDocument.Parse(line);
                var report = document.RootElement.Clone();
                if (report.TryGetProperty("time", out var time) && report.TryGetProperty("lat", out _))
                {
                    yield return (time.GetDateTimeOffset(), report);
                }
            }

            isAfterRmc = line.Contains("RMC,", StringComparison.Ordinal);
        }
    }

    private static double Seconds(Position fix) => fix.FixTime.ToUnixTimeMilliseconds() / 1000.0;

    private static void AssertBox(JsonElement box, List<Position> fixes)
    {
        Assert.Equal(box[0].GetDouble(), fixes.Min(f => f.Latitude), 9);
        Assert.Equal(box[1].GetDouble(), fixes.Min(f => f.Longitude), 9);
        Assert.Equal(box[2].GetDouble(), fixes.Max(f => f.Latitude), 9);
        Assert.Equal(box[3].GetDouble(), fixes.Max(f => f.Longitude), 9);
    }
}
