using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Routes;

namespace ArtMqtt.Store.Tests;

/// <summary>Distances against published ones.</summary>
public sealed class EllipsoidTests
{
    [Theory]
    // Geoscience Australia, Geodetic Calculation Methods: Flinders Peak to Buninyong.
    [InlineData(-37.951033417, 144.424867889, -37.652821139, 143.926495528, 54_972.271, 1e-3)]
    // A degree along the equator is a π / 180; degrees along a meridian as GeographicLib has them.
    [InlineData(0, 7, 0, 8, 111_319.4908, 1e-4)]
    [InlineData(0, 7, 1, 7, 110_574.3886, 1e-3)]
    [InlineData(89, 7, 90, -100, 111_693.8647, 1e-3)]
    public void A_step_is_as_long_as_published(
        double latitude, double longitude, double toLatitude, double toLongitude, double metres, double tolerance)
    {
        var (from, to) = (At(latitude, longitude), At(toLatitude, toLongitude));
        Assert.Equal(metres, Ellipsoid.Distance(from, to), tolerance);
        Assert.Equal(metres, Ellipsoid.Distance(to, from), tolerance);
    }

    [Fact]
    public void A_quarter_of_a_meridian_is_ten_thousand_kilometres()
    {
        var steps = Enumerable.Range(0, 9_000).Sum(i => Ellipsoid.Distance(At(i / 100.0, 20), At((i + 1) / 100.0, 20)));
        Assert.Equal(10_001_965.729, steps, 0.001);
    }

    [Fact]
    public void Half_a_step_twice_is_the_step()
    {
        // Along the equator and along meridians the geodesic is known to pass the middle.
        Assert.Equal(Ellipsoid.Distance(At(0, 0), At(0, 0.9)), 2 * Ellipsoid.Distance(At(0, 0), At(0, 0.45)), 1e-6);
        for (var latitude = 0.0; latitude < 89; latitude += 1.7)
        {
            var whole = Ellipsoid.Distance(At(latitude, 5), At(latitude + 0.9, 5));
            var parts = Enumerable.Range(0, 90).Sum(
                i => Ellipsoid.Distance(At(latitude + (i / 100.0), 5), At(latitude + ((i + 1) / 100.0), 5)));
            Assert.Equal(parts, whole, 1e-6);
        }
    }

    [Theory]
    [InlineData(66.5, 179.9999, 66.5, -179.9999)]
    [InlineData(-78, -179.5, -78, 179.5)]
    public void The_date_line_is_a_meridian_like_any_other(
        double latitude, double longitude, double toLatitude, double toLongitude)
    {
        var there = Ellipsoid.Distance(At(latitude, longitude), At(toLatitude, toLongitude));
        // Longitudes that differ by as much, away from the date line.
        var span = 360 - Math.Abs(longitude - toLongitude);
        Assert.Equal(Ellipsoid.Distance(At(latitude, 0), At(latitude, span)), there, 1e-6);
    }

    [Fact]
    public void Both_longitudes_of_the_date_line_and_all_of_a_pole_are_one_place()
    {
        Assert.Equal(0, Ellipsoid.Distance(At(10, 180), At(10, -180)), 1e-8);
        Assert.Equal(0, Ellipsoid.Distance(At(90, 12), At(90, -77)), 1e-8);
        Assert.Equal(0, Ellipsoid.Distance(At(48.1, 11.5), At(48.1, 11.5)));
    }

    [Theory]
    [InlineData(1e-7)]
    [InlineData(1e-6)]
    [InlineData(1e-5)]
    [InlineData(1e-4)]
    public void Steps_of_centimetres_and_metres_are_not_lost_in_rounding(double degrees)
    {
        var metres = Ellipsoid.Distance(At(0, 100), At(0, 100 + degrees));
        Assert.Equal(degrees * 111_319.490793, metres, 2e-8);
    }

    [Fact]
    public void The_other_side_of_the_earth_has_a_distance()
    {
        var metres = Ellipsoid.Distance(At(0, 0), At(0, 180));
        Assert.InRange(metres, 20_000_000, 20_040_000);
        Assert.InRange(Ellipsoid.Distance(At(90, 0), At(-90, 0)), 19_900_000, 20_040_000);
    }

    private static Position At(double latitude, double longitude) => new(latitude, longitude, DateTimeOffset.UnixEpoch);
}
