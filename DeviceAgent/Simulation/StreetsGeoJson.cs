using System.Text.Json;

namespace ArtMqtt.DeviceAgent.Simulation;

/// <summary>
/// The street network as GeoJSON for a map: streets as LineString with <c>class</c> (0 to 2), <c>name</c> and
/// <c>tunnel</c>, parks as Polygon with <c>park</c> 1.
/// </summary>
internal static class StreetsGeoJson
{
    /// <summary>Writes the FeatureCollection.</summary>
    public static void Write(Stream stream, StreetNetwork network)
    {
        using var writer = new Utf8JsonWriter(stream);
        writer.WriteStartObject();
        writer.WriteString("type"u8, "FeatureCollection"u8);
        writer.WriteStartArray("features"u8);
        foreach (var park in network.Parks)
        {
            WritePark(writer, network.Plane, park);
        }

        foreach (var street in Streets(network))
        {
            WriteStreet(writer, network.Plane, street);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Pieces of one street that follow each other, joined, so that a map draws and labels them as one.</summary>
    private static IEnumerable<List<StreetPiece>> Streets(StreetNetwork network)
    {
        foreach (var name in network.Pieces.GroupBy(p => (p.Name, RunsNorth: RunsNorth(p))))
        {
            var street = new List<StreetPiece>();
            foreach (var piece in name)
            {
                if (street.Count > 0 && (street[^1].To.Id != piece.From.Id || street[^1].IsTunnel != piece.IsTunnel))
                {
                    yield return street;
                    street = [];
                }

                street.Add(piece);
            }

            yield return street;
        }
    }

    private static bool RunsNorth(StreetPiece piece)
    {
        var along = piece.To.Place - piece.From.Place;
        return Math.Abs(along.North) > Math.Abs(along.East);
    }

    private static void WriteStreet(Utf8JsonWriter writer, LocalPlane plane, List<StreetPiece> street)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "Feature"u8);
        writer.WriteStartObject("properties"u8);
        writer.WriteNumber("class"u8, (int)street[0].Class);
        writer.WriteString("name"u8, street[0].Name);
        if (street[0].IsTunnel)
        {
            writer.WriteNumber("tunnel"u8, 1);
        }

        writer.WriteEndObject();
        writer.WriteStartObject("geometry"u8);
        writer.WriteString("type"u8, "LineString"u8);
        writer.WriteStartArray("coordinates"u8);
        WritePoint(writer, plane, street[0].From.Place);
        foreach (var piece in street)
        {
            WritePoint(writer, plane, piece.To.Place);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WritePark(Utf8JsonWriter writer, LocalPlane plane, IReadOnlyList<PlanePoint> ring)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "Feature"u8);
        writer.WriteStartObject("properties"u8);
        writer.WriteNumber("park"u8, 1);
        writer.WriteEndObject();
        writer.WriteStartObject("geometry"u8);
        writer.WriteString("type"u8, "Polygon"u8);
        writer.WriteStartArray("coordinates"u8);
        writer.WriteStartArray();
        foreach (var point in ring)
        {
            WritePoint(writer, plane, point);
        }

        writer.WriteEndArray();
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WritePoint(Utf8JsonWriter writer, LocalPlane plane, PlanePoint point)
    {
        var (latitude, longitude) = plane.ToDegrees(point);
        // Beyond the antimeridian the longitude goes on (180.01), so that a line does not run around the earth.
        longitude += 360 * Math.Round((plane.ToDegrees(default).Longitude - longitude) / 360);
        writer.WriteStartArray();
        writer.WriteNumberValue(Math.Round(longitude, 6));
        writer.WriteNumberValue(Math.Round(latitude, 6));
        writer.WriteEndArray();
    }
}
