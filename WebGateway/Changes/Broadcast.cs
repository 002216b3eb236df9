using System.Text.Json;
using ArtMqtt.WebGateway.Changes.Wire;

namespace ArtMqtt.WebGateway.Changes;

/// <summary>A message of one client to the others of a topic, written once for each version of the protocol.</summary>
internal sealed class Broadcast
{
    private readonly Dictionary<ProtocolVersion, Frame?> _frames = [];
    private readonly Func<ProtocolVersion, Frame?> _write;

    private Broadcast(Func<ProtocolVersion, Frame?> write) => _write = write;

    /// <summary>The broadcast in a client's message; null when there is none in it.</summary>
    public static Broadcast? Of(ClientMessage message)
    {
        if (message.Broadcast is { } binary)
        {
            return new Broadcast(version => version == ProtocolVersion.Arrays
                ? MessageWriter.BinaryBroadcast(message.Topic, binary)
                : binary.IsJson ? Text(version, message.Topic, json => WriteObject(json, binary)) : null);
        }

        return message.Payload.ValueKind == JsonValueKind.Object
            && message.Payload.TryGetProperty("event", out var name) && name.ValueKind == JsonValueKind.String
            ? new Broadcast(version => Text(version, message.Topic, message.Payload.WriteTo))
            : null;
    }

    /// <summary>As that version writes it; null when it cannot (bytes that are no JSON, in version 1.0.0).</summary>
    public Frame? In(ProtocolVersion version)
    {
        if (!_frames.TryGetValue(version, out var frame))
        {
            _frames.Add(version, frame = _write(version));
        }

        return frame;
    }

    private static Frame Text(ProtocolVersion version, string topic, Action<Utf8JsonWriter> payload) =>
        MessageWriter.Push(version, null, topic, EventNames.Broadcast, payload);

    private static void WriteObject(Utf8JsonWriter json, BinaryBroadcast broadcast)
    {
        json.WriteStartObject();
        json.WriteString("type", EventNames.Broadcast);
        json.WriteString("event", broadcast.Event);
        json.WritePropertyName("payload");
        json.WriteRawValue(broadcast.Content.Span);
        if (!broadcast.Metadata.IsEmpty)
        {
            json.WritePropertyName("meta");
            json.WriteRawValue(broadcast.Metadata.Span);
        }

        json.WriteEndObject();
    }
}
