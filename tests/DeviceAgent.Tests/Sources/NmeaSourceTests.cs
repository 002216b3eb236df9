using System.Globalization;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.DeviceAgent.Sources;
using ArtMqtt.TestKit;

namespace ArtMqtt.DeviceAgent.Tests.Sources;

public sealed class NmeaSourceTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Merges_the_sentences_of_a_moment_into_one_fix()
    {
        var (fixes, _) = await ReadAsync(
            Sum("GPGGA,235959.00,4807.038,S,01131.000,W,1,08,0.9,545.4,M,46.9,M,,"),
            Sum("GNRMC,235959.00,A,4807.038,S,01131.000,W,022.4,084.4,311299,003.1,W"),
            Sum("GPGSA,A,3,04,05,,09,12,,,24,,,,,2.5,1.3,2.1"));

        var fix = Assert.Single(fixes);
        Assert.Equal(-48.1173, fix.Latitude, 9);
        Assert.Equal(-(11 + (31.0 / 60)), fix.Longitude, 9);
        Assert.Equal(new DateTimeOffset(1999, 12, 31, 23, 59, 59, TimeSpan.Zero), fix.FixTime);
        Assert.Equal(22.4 * 1852 / 3600, fix.Speed!.Value, 0.0001);
        Assert.Equal(84.4f, fix.Heading);
        Assert.Equal(545.4f, fix.Altitude);
        Assert.Equal(4.5f, fix.Accuracy);
    }

    [Fact]
    public async Task Takes_motion_from_vtg_and_accuracy_from_gsa_where_nothing_else_tells_them()
    {
        var (fixes, _) = await ReadAsync(
            Sum("GPZDA,120000.00,28,02,2024,00,00"),
            Sum("GNGLL,4807.038,N,01131.000,E,120000.00,A,A"),
            Sum("GNVTG,77.5,T,93.3,M,5.2,N,9.7,K,A"),
            Sum("GNGSA,A,3,04,05,,09,12,,,24,,,,,2.5,1.3,2.1,1"),
            Sum("GNRMC,120001.00,A,4807.038,N,01131.000,E,022.4,084.4,280224,003.1,W"),
            Sum("GNVTG,10.0,T,93.3,M,99.0,N,9.7,K,A"));

        Assert.Equal([77.5f, 84.4f], fixes.Select(f => f.Heading!.Value));
        Assert.Equal(5.2 * 1852 / 3600, fixes[0].Speed!.Value, 0.0001);
        Assert.Equal(22.4 * 1852 / 3600, fixes[1].Speed!.Value, 0.0001);
        Assert.Equal(6.5f, fixes[0].Accuracy);
    }

    [Theory]
    [InlineData("1200NaN")]
    [InlineData("1200Infinity")]
    [InlineData("1200-Infinity")]
    [InlineData("120061.00")]
    public async Task A_time_that_is_no_number_is_none(string time)
    {
        var (fixes, counts) = await ReadAsync(
            Sum($"GPRMC,{time},A,4807.038,N,01131.000,E,0.0,0.0,010124,,,A"),
            Sum("GPRMC,120001.00,A,4807.038,N,01131.000,E,0.0,0.0,010124,,,A"));

        Assert.Equal(1, Assert.Single(fixes).FixTime.Second);
        Assert.Equal(1, counts.Invalid);
    }

    [Fact]
    public async Task Takes_the_date_from_zda_and_rolls_it_over_at_midnight()
    {
        var (fixes, _) = await ReadAsync(
            Sum("GPZDA,235958.00,28,02,2024,00,00"),
            Sum("GPGGA,235958.00,0000.000,N,00000.000,E,1,08,1.0,0.0,M,,M,,"),
            Sum("GPGGA,235959.50,0000.000,N,00000.000,E,1,08,1.0,0.0,M,,M,,"),
            Sum("GPGGA,000000.50,0000.000,N,00000.000,E,1,08,1.0,0.0,M,,M,,"));

        Assert.Equal(
            ["2024-02-28T23:59:58.000", "2024-02-28T23:59:59.500", "2024-02-29T00:00:00.500"],
            fixes.Select(f => f.FixTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Counts_what_it_leaves_out()
    {
        var (fixes, counts) = await ReadAsync(
            "# a comment",
            "\u0001\u00ff binary \u0000",
            Sum("GPGGA,120000.00,4807.038,N,01131.000,E,1,08,1.0,0.0,M,,M,,"),
            Sum("GPRMC,120001.00,V,,,,,,,010124,,,N"),
            Sum("GPGGA,120001.00,,,,,0,00,99.99,,,,,,"),
            "$GPRMC,120002.00,A,4807.038,N,01131.000,E,0.0,0.0,010124,,,A*00",
            "$GPRMC,120003.00,A,4807.038,N,01131.000,E,0.0,0.0,010124,,,A",
            "!AIVDM,1,1,,A,14eG;o@034o8sd<L9i:a;WF>062D,0*7D",
            Sum("PGRME,15.0,M,45.0,M,25.0,M"),
            Sum("GPRMC,120004.00,A,9907.038,N,01131.000,E,0.0,0.0,010124,,,A"),
            Sum("GPRMC,1200,A,4807.038,N,01131.000,E,0.0,0.0,010124,,,A"),
            new string('x', 5000));

        Assert.Empty(fixes);
        Assert.Equal(1, counts.WithoutTime);
        Assert.Equal(1, counts.VoidRmc);
        Assert.Equal(1, counts.VoidGga);
        Assert.Equal(1, counts.ChecksumWrong);
        Assert.Equal(1, counts.ChecksumMissing);
        Assert.Equal(2, counts.Foreign);
        Assert.Equal(2, counts.Invalid);
        Assert.Equal(2 + 5, counts.Garbage);
    }

    [Fact]
    public async Task Believes_a_missing_checksum_only_when_told_to()
    {
        string[] lines = ["$GPRMC,120003.00,A,4807.038,N,01131.000,E,0.0,360.0,010124,,,A"];

        Assert.Empty((await ReadAsync(lines)).Fixes);
        var fix = Assert.Single((await ReadAsync(lines, allowMissingChecksum: true)).Fixes);
        Assert.Equal(0f, fix.Heading);
    }

    [Fact]
    public async Task Finds_the_whole_sentence_behind_a_torn_one()
    {
        var (fixes, _) = await ReadAsync(
            "$GPGGA,1200" + Sum("GPRMC,120003.00,A,4807.038,N,01131.000,E,0.0,0.0,010124,,,A"));

        Assert.Single(fixes);
    }

    [Fact]
    public async Task Never_throws_on_damaged_lines()
    {
        var random = new Random(7);
        var good = Sum("GPRMC,120003.00,A,4807.038,N,01131.000,E,12.0,84.0,010124,,,A");
        var lines = Enumerable.Range(0, 3000).Select(_ =>
        {
            var damaged = good[..^3].ToCharArray();
            for (var i = random.Next(1, 6); i > 0; i--)
            {
                damaged[random.Next(1, damaged.Length)] = (char)random.Next(32, 127);
            }

            return Sum(new string(damaged)[1..].Replace('*', '.').Replace('$', '.').Replace('!', '.'));
        });

        var (fixes, counts) = await ReadAsync([.. lines]);

        Assert.Equal(3000, counts.Read);
        Assert.All(fixes, fix => Assert.True(PositionRules.IsValid(fix, out _)));
    }

    [Fact]
    public async Task Makes_a_fix_of_gll_alone_and_counts_satellites_of_all_systems()
    {
        var (fixes, counts) = await ReadAsync(
            Sum("GPZDA,235958.00,28,02,2024,00,00"),
            Sum("GNGLL,4807.038,S,01131.000,W,235959.00,A,A"),
            Sum("GNGLL,4807.038,S,01131.000,W,000000.00,V,N"),
            Sum("GPGSV,3,1,11,03,03,111,00,04,15,270,00,06,01,010,00,13,06,292,00"),
            Sum("GLGSV,1,1,03,65,03,111,00,66,15,270,00,67,01,010,00"));

        var fix = Assert.Single(fixes);
        Assert.Equal(new DateTimeOffset(2024, 2, 28, 23, 59, 59, TimeSpan.Zero), fix.FixTime);
        Assert.Equal(-48.1173, fix.Latitude, 9);
        Assert.Equal(14, counts.SatellitesInView);
    }

    [Fact]
    public async Task Takes_no_fix_whose_mode_says_that_it_is_none()
    {
        var (fixes, _) = await ReadAsync(
            Sum("GPRMC,120003.00,A,4807.038,N,01131.000,E,0.0,0.0,010124,,,N"),
            Sum("GPRMC,120004.00,A,4807.038,N,01131.000,E,0.0,0.0,010124,,,E"));

        Assert.Equal(4, Assert.Single(fixes).FixTime.Second);
    }

    private static string Sum(string body) => Nmea.Sum(body);

    private Task<(List<Position> Fixes, SourceCounts Counts)> ReadAsync(params string[] lines) =>
        ReadAsync(lines, allowMissingChecksum: false);

    private async Task<(List<Position> Fixes, SourceCounts Counts)> ReadAsync(string[] lines, bool allowMissingChecksum)
    {
        var path = Path.Combine(_folder.Path, "log.nmea");
        await File.WriteAllTextAsync(
            path, string.Join("\r\n", lines), System.Text.Encoding.Latin1, TestContext.Current.CancellationToken);
        var source = new NmeaSource(path, allowMissingChecksum);
        var fixes = await source.ReadAsync(TestContext.Current.CancellationToken).ToListAsync(
            TestContext.Current.CancellationToken);
        return (fixes, source.Counts);
    }
}
