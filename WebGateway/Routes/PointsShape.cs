using ArtMqtt.Store.Routes;

namespace ArtMqtt.WebGateway.Routes;

/// <summary>One <c>Point</c> feature per position, with all that is known of it.</summary>
internal sealed class PointsShape(GeoJsonWriter writer) : IRouteShape
{
    public void Begin() => writer.BeginCollection();

    public void Add(RoutePoint point)
    {
        var position = point.Position;
        writer.BeginFeature("Point");
        writer.WritePlace(position);
        writer.Json.WriteEndObject();
        writer.Json.WriteStartObject("properties");
        writer.Json.WriteNumber("time", position.FixTime.ToUnixTimeMilliseconds());
        writer.Json.WriteNumber("receivedAt", point.ReceivedAt.ToUnixTimeMilliseconds());
        writer.Json.WriteString("role", point.Role.ToString().ToLowerInvariant());
        writer.WriteIfKnown("speed", position.Speed);
        writer.WriteIfKnown("heading", position.Heading);
        writer.WriteIfKnown("accuracy", position.Accuracy);
        writer.WriteIfKnown("altitude", position.Altitude);
        writer.WriteIfKnown("battery", position.Battery);
        if (position.Sequence is { } sequence)
        {
            writer.Json.WriteNumber("seq", sequence);
        }

        writer.Json.WriteEndObject();
        writer.Json.WriteEndObject();
    }

    public void End(bool isTruncated) => writer.EndCollection(isTruncated);
}
