using ArtMqtt.Load.Live;

namespace ArtMqtt.Load.Tests;

/// <summary>What tells watchers how old a position is, and how a load is written down.</summary>
public sealed class LiveLoadTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(12_345_678, 12_345_979, 301)]
    [InlineData(79_999_900, 150, 250)]
    public void A_latitude_says_when_it_was_sent(long sent, long now, long age) =>
        Assert.Equal(age, LiveStamp.AgeOf(LiveStamp.LatitudeOf(sent), now));

    [Fact]
    public void The_clock_goes_round_within_latitudes() => Assert.InRange(LiveStamp.LatitudeOf(LiveStamp.Now()), 0, 80);

    [Fact]
    public void A_shape_is_read_as_it_is_written()
    {
        var shape = LiveShape.Parse("1000x2@2.5");

        Assert.Equal((1_000, 2, 2.5, 2_000, 5_000), (shape.Requests, shape.Watchers, shape.PerSecond, shape.Connections, shape.Offered));
        Assert.Equal("1000x2@2.5", shape.ToString());
    }
}
