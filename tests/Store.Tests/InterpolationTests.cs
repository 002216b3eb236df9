using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Routes;

namespace ArtMqtt.Store.Tests;

/// <summary>Where something was between two positions.</summary>
public sealed class InterpolationTests
{
    [Theory]
    [InlineData(0, 10, 0, 20, 0.25, 0, 12.5)]
    [InlineData(10, 5, 20, 5, 0.5, 15, 5)]
    [InlineData(-17, 179.9, -17, -179.7, 0.5, -17.0000976, -179.9)]
    [InlineData(89.9, 0, 89.9, 180, 0.5, 90, 0)]
    [InlineData(48.1, 11.5, 48.1, 11.5, 0.3, 48.1, 11.5)]
    [InlineData(48.1, 11.5, 48.10000001, 11.5, 0.5, 48.100000005, 11.5)]
    public void The_place_is_on_the_great_circle(
        double latitude, double longitude, double toLatitude, double toLongitude, double share, double expectedLatitude,
        double expectedLongitude)
    {
        var place = Between(
            new Position(latitude, longitude, At(0)), new Position(toLatitude, toLongitude, At(100)), share * 100);
        var expected = new Position(expectedLatitude, expectedLongitude, place.FixTime);
        Assert.Equal(0, Ellipsoid.Distance(expected, place), 0.05);
        Assert.Equal(At(share * 100), place.FixTime);
    }

    [Fact]
    public void Both_parts_are_as_long_as_their_times()
    {
        var (from, to) = (new Position(48.1, 11.5, At(0)), new Position(48.13, 11.56, At(300)));
        var place = Between(from, to, 90);
        var whole = Ellipsoid.Distance(from, to);
        Assert.Equal(whole * 0.3, Ellipsoid.Distance(from, place), 0.02);
        Assert.Equal(whole * 0.7, Ellipsoid.Distance(place, to), 0.02);
    }

    [Theory]
    [InlineData(350f, 20f, 0.5, 5f)]
    [InlineData(20f, 350f, 0.9, 353f)]
    [InlineData(90f, 180f, 0.5, 135f)]
    [InlineData(359f, 1f, 0.5, 0f)]
    public void The_heading_turns_the_short_way(float before, float after, double share, float expected)
    {
        var heading = Between(
            new Position(0, 0, At(0)) { Heading = before }, new Position(0, 0, At(100)) { Heading = after },
            share * 100).Heading!.Value;
        Assert.Equal(0, Math.IEEERemainder(heading - expected, 360), 1e-4);
        Assert.InRange(heading, 0, 359.9999f);
    }

    [Fact]
    public void What_only_one_knows_is_not_known()
    {
        var place = Between(
            new Position(0, 0, At(0)) { Speed = 2, Altitude = 100, Heading = 5, Battery = 80, Sequence = 7 },
            new Position(0, 0, At(100)) { Altitude = 200 }, 25);
        Assert.Equal(
            new Position(0, 0, At(25)) { Altitude = 125, Battery = 80 }, place);
    }

    private static Position Between(Position before, Position after, double second) =>
        Interpolation.Between(before, after, At(second));

    private static DateTimeOffset At(double second) => DateTimeOffset.UnixEpoch.AddSeconds(second);
}
