using ArtMqtt.Contracts.Positions;
using ArtMqtt.DeviceAgent.Sources;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ArtMqtt.DeviceAgent.Tests.Sources;

public sealed class GpsdSourceTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 27, 10, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("quectel-eg25-g")]
    [InlineData("ublox-neo-m9n-nmea")]
    public async Task Hears_from_gpsd_what_the_recording_holds(string log)
    {
        var (path, _) = Answers.Of($"nmea/gpsd/{log}.log");
        var known = (await new NmeaSource(path, allowMissingChecksum: false)
            .ReadAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken))
            .GroupBy(f => f.FixTime).ToDictionary(g => g.Key, g => g.First());
        using var gpsd = Gpsd.Play(path);
        var messages = new Messages();
        await using var collector = new FixCollector(
            new GpsdSource("127.0.0.1", gpsd.Port, null, TimeProvider.System, messages));

        // The end of the recording is the end of the receiver.
        await FixCollector.UntilAsync(() => messages.Contain("has lost the receiver"), () => { });
        var heard = collector.Fixes.ToList();
        var missed = known.Keys.Except(heard.Select(f => f.FixTime)).Count();
        // gpsd needs the first moments to find out what it listens to.
        Assert.InRange(missed, 0, 5);
        foreach (var fix in heard.Where(f => known.ContainsKey(f.FixTime)))
        {
            Assert.Equal(known[fix.FixTime].Latitude, fix.Latitude, 1e-7);
            Assert.Equal(known[fix.FixTime].Longitude, fix.Longitude, 1e-7);
        }
    }

    [Fact]
    public async Task Goes_on_when_gpsd_is_started_again()
    {
        using var port = new PseudoTerminal();
        using var gpsd = Gpsd.Serve(port.Name);
        await using var collector = new FixCollector(
            new GpsdSource("127.0.0.1", gpsd.Port, null, TimeProvider.System, NullLogger.Instance));
        var second = 0;
        await FixCollector.UntilAsync(
            () => collector.Fixes.Count >= 3, () => port.Send(Nmea.Moment(second++)));

        gpsd.End();
        gpsd.Start(port.Name);
        var before = collector.Fixes.Count;
        await FixCollector.UntilAsync(
            () => collector.Fixes.Count >= before + 3, () => port.Send(Nmea.Moment(second++)));

        Assert.Equal(48.1173, collector.Fixes.Last().Latitude, 1e-7);
        Assert.NotNull(collector.Fixes.Last().Accuracy);
    }

    [Fact]
    public async Task Follows_one_receiver_and_takes_the_other_when_that_one_is_lost()
    {
        using var first = new PseudoTerminal();
        using var second = new PseudoTerminal();
        using var gpsd = Gpsd.Serve(first.Name, second.Name);
        await using var collector = new FixCollector(
            new GpsdSource("127.0.0.1", gpsd.Port, first.Name, TimeProvider.System, NullLogger.Instance));
        await using var any = new FixCollector(
            new GpsdSource("127.0.0.1", gpsd.Port, null, TimeProvider.System, NullLogger.Instance));
        var moment = 0;
        await FixCollector.UntilAsync(
            () => collector.Fixes.Count >= 5 && any.Fixes.Count >= 5,
            () =>
            {
                first.Send(Nmea.Moment(moment));
                second.Send(Nmea.Moment(moment++, "4907.038"));
            });

        var other = any.Fixes.First().Latitude > 48.5 ? first : second;
        (other == first ? second : first).Dispose();
        var latitude = other == first ? 48.1173 : 49.1173;
        await FixCollector.UntilAsync(
            () => Math.Abs(any.Fixes.Last().Latitude - latitude) < 1e-6,
            () => other.Send(Nmea.Moment(moment++, other == first ? "4807.038" : "4907.038")));

        Assert.All(collector.Fixes, fix => Assert.Equal(48.1173, fix.Latitude, 1e-6));
        // One change of receiver, no flutter between the two.
        var places = any.Fixes.Select(f => f.Latitude > 48.5).ToList();
        Assert.Equal(1, places.Zip(places.Skip(1)).Count(pair => pair.First != pair.Second));
    }

    [Fact]
    public void Reads_a_report()
    {
        var source = Create();

        Assert.True(source.TryTake(
            """{"class":"TPV","device":"/dev/ttyUSB0","mode":3,"time":"2026-11-27T09:59:59.500Z","lat":48.1,"lon":-11.5,"altMSL":500.5,"track":359.9,"speed":12.5,"eph":10.0}""",
            out var fix));

        Assert.Equal(
            new Position(48.1, -11.5, new DateTimeOffset(2026, 11, 27, 9, 59, 59, 500, TimeSpan.Zero))
            {
                Altitude = 500.5f,
                Heading = 359.9f,
                Speed = 12.5f,
                Accuracy = 6.17f,
            },
            fix);
    }

    [Fact]
    public void Takes_another_receiver_when_the_first_is_gone_or_silent()
    {
        var source = Create();

        Assert.True(source.TryTake(Report("a", 1), out _));
        Assert.False(source.TryTake(Report("b", 2), out _));
        Assert.False(source.TryTake("""{"class":"DEVICE","path":"/dev/b","activated":0}""", out _));
        Assert.False(source.TryTake(Report("b", 3), out _));
        Assert.False(source.TryTake("""{"class":"DEVICE","path":"/dev/a","activated":0}""", out _));
        Assert.True(source.TryTake(Report("b", 4), out _));
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(source.TryTake(Report("a", 5), out _));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(source.TryTake(Report("a", 6), out _));
    }

    [Fact]
    public void Never_takes_another_receiver_than_the_one_asked_for()
    {
        var source = new GpsdSource("none", 1, "/dev/a", _time, NullLogger.Instance);

        Assert.False(source.TryTake(Report("b", 1), out _));
        Assert.True(source.TryTake(Report("a", 1), out _));
        Assert.False(source.TryTake("""{"class":"DEVICE","path":"/dev/a","activated":0}""", out _));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(source.TryTake(Report("b", 2), out _));
    }

    [Fact]
    public void Counts_what_is_no_fix()
    {
        var source = Create();
        string[] lines =
        [
            """{"class":"TPV","device":"/dev/a","mode":1}""",
            """{"class":"TPV","device":"/dev/a","mode":3,"lat":1.0,"time":"2026-11-27T10:00:00Z"}""",
            """{"class":"TPV","device":"/dev/a","mode":3,"lat":1.0,"lon":2.0}""",
            """{"class":"TPV","device":"/dev/a","mode":3,"lat":1.0,"lon":2.0,"time":"1970-01-01T00:00:07Z"}""",
            """{"class":"TPV","device":"/dev/a","mode":3,"lat":91.0,"lon":2.0,"time":"2026-11-27T10:00:00Z"}""",
            """{"class":"TPV","device":"/dev/a","mode":3,"lat":1.0,"lon":""",
            """{"class":"SKY","device":"/dev/a","satellites":[{"used":true},{"used":false},{"used":true}]}""",
            "[]",
        ];

        Assert.All(lines, line => Assert.False(source.TryTake(line, out _)));

        Assert.Equal((8, 2, 2, 1, 2), (source.Counts.Read, source.Counts.NoFix, source.Counts.WithoutTime,
            source.Counts.Invalid, source.Counts.Garbage));
        Assert.Equal((3, 2), (source.Counts.SatellitesInView, source.Counts.SatellitesUsed));
    }

    private static string Report(string device, int second) => $$"""
        {"class":"TPV","device":"/dev/{{device}}","mode":2,"lat":1,"lon":2,"time":"2026-11-27T10:00:{{second:00}}.000Z"}
        """;

    private GpsdSource Create() => new("none", 1, null, _time, NullLogger.Instance);
}
