using System.Text.Json;

namespace ArtMqtt.EndToEnd.Tests.Servers;

/// <summary>A stored position as the API tells it.</summary>
/// <param name="Time">Fix time, ms since 1970.</param>
/// <param name="Latitude">Degrees north.</param>
/// <param name="Longitude">Degrees east.</param>
internal sealed record RoutePoint(long Time, double Latitude, double Longitude)
{
    /// <summary>Reads a GeoJSON point.</summary>
    public static RoutePoint Read(JsonElement feature)
    {
        var place = feature.GetProperty("geometry").GetProperty("coordinates");
        return new RoutePoint(
            feature.GetProperty("properties").GetProperty("time").GetInt64(),
            place[1].GetDouble(), place[0].GetDouble());
    }
}
