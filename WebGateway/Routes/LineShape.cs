using ArtMqtt.Store.Routes;

namespace ArtMqtt.WebGateway.Routes;

/// <summary>
/// One <c>LineString</c> with the arrays <c>times</c> (ms), <c>speeds</c> (m/s) and <c>headings</c> (°), as long as the
/// coordinates. Fewer than two positions are no line: no feature. The arrays are kept until the coordinates are out,
/// 24 bytes per position.
/// </summary>
internal sealed class LineShape(GeoJsonWriter writer) : IRouteShape
{
    private readonly List<(long Time, float? Speed, float? Heading)> _values = [];
    private RoutePoint? _first;

    public void Begin() => writer.BeginCollection();

    public void Add(RoutePoint point)
    {
        if (_first is null)
        {
            _first = point;
            Keep(point);
            return;
        }

        if (_values.Count == 1)
        {
            writer.BeginFeature("LineString");
            writer.Json.WriteStartArray();
            writer.WritePlace(_first.Position);
        }

        writer.WritePlace(point.Position);
        Keep(point);
    }

    public void End(string? cursor)
    {
        if (_values.Count > 1)
        {
            writer.Json.WriteEndArray();
            writer.Json.WriteEndObject();
            WriteProperties();
            writer.Json.WriteEndObject();
        }

        writer.EndCollection(cursor);
    }

    private void Keep(RoutePoint point) => _values.Add(
        (point.Position.FixTime.ToUnixTimeMilliseconds(), point.Position.Speed, point.Position.Heading));

    private void WriteProperties()
    {
        writer.Json.WriteStartObject("properties");
        writer.Json.WriteStartArray("times");
        _values.ForEach(value => writer.Json.WriteNumberValue(value.Time));
        writer.Json.WriteEndArray();
        writer.Json.WriteStartArray("speeds");
        _values.ForEach(value => writer.WriteValue(value.Speed));
        writer.Json.WriteEndArray();
        writer.Json.WriteStartArray("headings");
        _values.ForEach(value => writer.WriteValue(value.Heading));
        writer.Json.WriteEndArray();
        writer.Json.WriteEndObject();
    }
}
