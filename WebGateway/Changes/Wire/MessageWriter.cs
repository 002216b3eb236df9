using System.Buffers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ArtMqtt.WebGateway.Changes.Wire;

/// <summary>Writes messages to clients. No I/O.</summary>
internal static class MessageWriter
{
    private const byte UserBroadcast = 4;
    private const int MaxPart = byte.MaxValue;

    // Nothing of it is put into a page, so names in all languages may stay readable.
    private static readonly JsonWriterOptions _json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A message; <paramref name="payload"/> writes one value.</summary>
    public static Frame Push(
        ProtocolVersion version, string? joinRef, string topic, string name, Action<Utf8JsonWriter> payload) =>
        Write(version, joinRef, null, topic, name, payload);

    /// <summary>The answer to a message; <paramref name="response"/> writes one value.</summary>
    public static Frame Reply(
        ProtocolVersion version, ClientMessage to, bool isOk, Action<Utf8JsonWriter> response) =>
        Write(version, to.JoinRef, to.Ref, to.Topic, EventNames.Reply, json =>
        {
            json.WriteStartObject();
            json.WriteString("status", isOk ? "ok" : "error");
            json.WritePropertyName("response");
            response(json);
            json.WriteEndObject();
        });

    /// <summary>A row change; <paramref name="data"/> is shared by all who are told of it.</summary>
    public static Frame Change(ProtocolVersion version, string topic, IReadOnlyList<long> ids, ReadOnlyMemory<byte> data)
    {
        var quoted = JsonEncodedText.Encode(topic, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        var joined = string.Join(',', ids);
        var (head, tail) = version == ProtocolVersion.Objects
            ? ($$"""{"topic":"{{quoted}}","event":"{{EventNames.Changes}}","ref":null,"payload":{"ids":[{{joined}}],"data":""", "}}")
            : ($$"""[null,null,"{{quoted}}","{{EventNames.Changes}}",{"ids":[{{joined}}],"data":""", "}]");
        return new Frame(WebSocketMessageType.Text, Encoding.UTF8.GetBytes(head), data, Encoding.UTF8.GetBytes(tail));
    }

    /// <summary>A broadcast in binary; null when a name is too long for that.</summary>
    public static Frame? BinaryBroadcast(string topic, BinaryBroadcast broadcast)
    {
        var (topicBytes, eventBytes) = (Encoding.UTF8.GetBytes(topic), Encoding.UTF8.GetBytes(broadcast.Event));
        if (topicBytes.Length > MaxPart || eventBytes.Length > MaxPart)
        {
            return null;
        }

        byte[] head =
        [
            UserBroadcast, (byte)topicBytes.Length, (byte)eventBytes.Length, (byte)broadcast.Metadata.Length,
            (byte)(broadcast.IsJson ? 1 : 0), .. topicBytes, .. eventBytes, .. broadcast.Metadata.Span,
        ];
        return new Frame(WebSocketMessageType.Binary, head, broadcast.Content);
    }

    /// <summary>One JSON value as bytes.</summary>
    public static ReadOnlyMemory<byte> Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, _json))
        {
            write(json);
        }

        return buffer.WrittenMemory;
    }

    private static Frame Write(
        ProtocolVersion version, string? joinRef, string? reference, string topic, string name,
        Action<Utf8JsonWriter> payload) => new(WebSocketMessageType.Text, Json(json =>
        {
            if (version == ProtocolVersion.Objects)
            {
                json.WriteStartObject();
                json.WriteString("topic", topic);
                json.WriteString("event", name);
                json.WriteString("ref", reference);
                json.WriteString("join_ref", joinRef);
                json.WritePropertyName("payload");
                payload(json);
                json.WriteEndObject();
            }
            else
            {
                json.WriteStartArray();
                json.WriteStringValue(joinRef);
                json.WriteStringValue(reference);
                json.WriteStringValue(topic);
                json.WriteStringValue(name);
                payload(json);
                json.WriteEndArray();
            }
        }));
}
