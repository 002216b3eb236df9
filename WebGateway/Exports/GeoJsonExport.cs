using ArtMqtt.WebGateway.Routes;

namespace ArtMqtt.WebGateway.Exports;

/// <summary>
/// GeoJSON (RFC 7946): one <c>Point</c> per position, as routes have them, and its device. Not a line, whose times and
/// speeds could only follow when all of its places are out.
/// </summary>
internal sealed class GeoJsonExport(GeoJsonWriter writer) : IExportWriter
{
    public ValueTask BeginAsync(CancellationToken cancellationToken)
    {
        writer.BeginCollection();
        return default;
    }

    public ValueTask AddAsync(ExportedPosition position, CancellationToken cancellationToken)
    {
        writer.BeginFeature("Point");
        writer.WritePlace(position.Position);
        writer.Json.WriteEndObject();
        writer.Json.WriteStartObject("properties");
        writer.Json.WriteString("deviceId", position.DeviceId);
        writer.WriteFields(position.Point);
        writer.Json.WriteEndObject();
        writer.Json.WriteEndObject();
        return writer.FlushIfLargeAsync(cancellationToken);
    }

    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        writer.EndCollection(cursor: null);
        await writer.FlushAsync(cancellationToken);
        await writer.DisposeAsync();
    }
}
