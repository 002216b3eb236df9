using System.Text.Json;
using ArtMqtt.DeviceAgent.Simulation;

namespace ArtMqtt.DeviceAgent.Tests.Simulation;

public sealed class StreetNetworkTests
{
    [Fact]
    public void All_crossings_can_be_reached()
    {
        var network = StreetNetwork.Create(48.137, 11.575, seed: 3);
        var start = network.Crossings[0];

        Assert.All(network.Crossings.Skip(1).Where((_, i) => i % 50 == 0), to =>
        {
            var route = RouteFinder.Find(network, start, to);
            Assert.NotNull(route);
            Assert.Equal(to.Id, route.End.Id);
            Assert.True(route.Length >= start.Place.DistanceTo(to.Place));
        });
        Assert.Null(RouteFinder.Find(network, start, start));
    }

    [Theory]
    [InlineData(48.137, 11.575)]
    [InlineData(-16.8, 179.99)]
    [InlineData(78.22, 15.65)]
    public void Is_written_as_geojson_for_a_map(double latitude, double longitude)
    {
        using var stream = new MemoryStream();
        StreetsGeoJson.Write(stream, StreetNetwork.Create(latitude, longitude, seed: 1));

        using var document = JsonDocument.Parse(stream.ToArray());
        var features = document.RootElement.GetProperty("features").EnumerateArray().ToList();
        var streets = features.FindAll(f => f.GetProperty("properties").TryGetProperty("class", out _));
        var parks = features.FindAll(f => f.GetProperty("properties").TryGetProperty("park", out _));
        Assert.Equal(features.Count, streets.Count + parks.Count);
        Assert.InRange(parks.Count, 5, 200);
        Assert.Equal([0, 1, 2], streets.Select(f => f.GetProperty("properties").GetProperty("class").GetInt32()).Distinct().Order());
        Assert.All(streets, f => Assert.NotEmpty(f.GetProperty("properties").GetProperty("name").GetString()!));
        Assert.All(streets, f =>
        {
            var points = f.GetProperty("geometry").GetProperty("coordinates").EnumerateArray().ToList();
            Assert.True(points.Count >= 2);
            Assert.All(points, p =>
            {
                Assert.InRange(p[0].GetDouble(), longitude - 0.5, longitude + 0.5);
                Assert.InRange(p[1].GetDouble(), latitude - 0.06, latitude + 0.06);
            });
        });
        Assert.All(parks, f =>
        {
            var ring = f.GetProperty("geometry").GetProperty("coordinates")[0];
            Assert.Equal(ring[0].ToString(), ring[ring.GetArrayLength() - 1].ToString());
        });
    }
}
