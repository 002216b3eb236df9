using ArtMqtt.Store.Routes;

namespace ArtMqtt.WebGateway.Routes;

/// <summary>
/// One array per position, in the order of <c>fields</c>, for charts and data frames: a quarter of the bytes of points.
/// Unlike a line it has a single position too.
/// </summary>
internal sealed class RowsShape(GeoJsonWriter writer) : IRouteShape
{
    public const string ContentType = "application/json";

    private static readonly string[] _fields = ["time", "lat", "lng", "speed", "heading", "altitude"];

    public void Begin()
    {
        writer.Json.WriteStartObject();
        writer.Json.WriteStartArray("fields");
        Array.ForEach(_fields, writer.Json.WriteStringValue);
        writer.Json.WriteEndArray();
        writer.Json.WriteStartArray("rows");
    }

    public void Add(RoutePoint point)
    {
        var position = point.Position;
        writer.Json.WriteStartArray();
        writer.Json.WriteNumberValue(position.FixTime.ToUnixTimeMilliseconds());
        writer.Json.WriteNumberValue(position.Latitude);
        writer.Json.WriteNumberValue(position.Longitude);
        writer.WriteValue(position.Speed);
        writer.WriteValue(position.Heading);
        writer.WriteValue(position.Altitude);
        writer.Json.WriteEndArray();
    }

    public void End(string? cursor) => writer.EndCollection(cursor);
}
