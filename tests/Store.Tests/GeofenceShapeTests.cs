using System.Text.Json;
using ArtMqtt.Store.Geofences;

namespace ArtMqtt.Store.Tests;

/// <summary>Areas of geofences.</summary>
public sealed class GeofenceShapeTests
{
    private const double MetresPerDegree = 111_195;

    // About 1 km by 1 km at 60° north, with a hole in the middle.
    private const string Square = """
        {"type":"Polygon","coordinates":[
            [[10,60],[10.018,60],[10.018,60.009],[10,60.009],[10,60]],
            [[10.008,60.004],[10.010,60.004],[10.010,60.005],[10.008,60.005],[10.008,60.004]]]}
        """;

    [Theory]
    [InlineData(60, 10, 0)]
    [InlineData(60.002, 10.009, 0)]
    [InlineData(59.999, 10.009, 0.001 * MetresPerDegree)]
    [InlineData(60.010, 10.009, 0.001 * MetresPerDegree)]
    [InlineData(60.004, 10.020, 0.002 * MetresPerDegree / 2)]
    [InlineData(60.0045, 10.009, 0.0005 * MetresPerDegree)]
    [InlineData(59.999, 9.998, 157)]
    public void A_polygon_says_how_far_it_is(double latitude, double longitude, double metres)
    {
        var shape = Read(Square);
        Assert.Equal(metres, shape.Distance(latitude, longitude), tolerance: 1 + (metres / 200));
        Assert.Equal(metres == 0, shape.Contains(latitude, longitude));
    }

    [Theory]
    [InlineData(0, 179.999, 200)]
    [InlineData(48.1, 11.5, 100_000)]
    [InlineData(-48.1, -179.9999, 50_000)]
    [InlineData(89.9, 0, 50_000)]
    [InlineData(-90, 0, 10)]
    public void The_boxes_of_a_circle_hold_all_of_it(double latitude, double longitude, double radius)
    {
        var shape = Read(string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $$"""{"type":"Point","coordinates":[{{longitude}},{{latitude}}],"radius":{{radius}}}"""));
        var random = new Random(1);
        var inside = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var reach = 3 * radius / MetresPerDegree;
            var lat = Math.Clamp(latitude + ((random.NextDouble() - 0.5) * reach), -90, 90);
            var lng = longitude + ((random.NextDouble() - 0.5) * Math.Min(360, reach / Math.Max(0.001, Math.Cos(double.DegreesToRadians(latitude)))));
            lng = lng > 180 ? lng - 360 : lng < -180 ? lng + 360 : lng;
            if (shape.Contains(lat, lng))
            {
                inside++;
                Assert.Contains(shape.Boxes, box => box.Contains(lat, lng));
            }
        }

        Assert.True(inside > 100);
        Assert.DoesNotContain(shape.Boxes, box => box.CrossesDateLine);
    }

    [Fact]
    public void An_area_on_both_sides_of_the_date_line_is_one()
    {
        var shape = Read("""
            {"type":"MultiPolygon","coordinates":[
                [[[179,-17],[180,-17],[180,-16],[179,-16],[179,-17]]],
                [[[-180,-17],[-179,-17],[-179,-16],[-180,-16],[-180,-17]]]]}
            """);
        Assert.True(shape.Contains(-16.5, 179.5));
        Assert.True(shape.Contains(-16.5, -179.5));
        Assert.False(shape.Contains(-16.5, 178.5));
        Assert.Equal(0.5 * MetresPerDegree * Math.Cos(double.DegreesToRadians(16.5)), shape.Distance(-16.5, 178.5), tolerance: 500);
    }

    private static GeofenceShape Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Assert.IsType<GeofenceShape>(GeofenceShape.Read(document.RootElement));
    }
}
