using ArtMqtt.Store.Routes;

namespace ArtMqtt.WebGateway.Routes;

/// <summary>One <c>Point</c> feature per position, with all that is known of it.</summary>
internal sealed class PointsShape(GeoJsonWriter writer) : IRouteShape
{
    public void Begin() => writer.BeginCollection();

    public void Add(RoutePoint point)
    {
        writer.BeginFeature("Point");
        writer.WritePlace(point.Position);
        writer.Json.WriteEndObject();
        writer.Json.WriteStartObject("properties");
        writer.WriteFields(point);
        writer.Json.WriteEndObject();
        writer.Json.WriteEndObject();
    }

    public void End(string? cursor) => writer.EndCollection(cursor);
}
