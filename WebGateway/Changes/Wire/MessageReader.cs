using System.Text;
using System.Text.Json;

namespace ArtMqtt.WebGateway.Changes.Wire;

/// <summary>Reads messages of clients. No I/O.</summary>
internal static class MessageReader
{
    private const byte UserBroadcastPush = 3;
    private const int BinaryHeader = 7;
    private static readonly JsonDocumentOptions _json = new() { MaxDepth = 32 };

    // Strings that are no UTF-8 are refused, not repaired.
    private static readonly UTF8Encoding _utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>The message; null when it is none of that version.</summary>
    /// <param name="version">How it should be written.</param>
    /// <param name="isText">Whether it came as text.</param>
    /// <param name="bytes">The message; may be used again afterwards.</param>
    public static ClientMessage? Read(ProtocolVersion version, bool isText, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return (isText, version) switch
            {
                (true, ProtocolVersion.Objects) => ReadObject(bytes),
                (true, _) => ReadArray(bytes),
                (false, ProtocolVersion.Arrays) => ReadBinary(bytes),
                _ => null,
            };
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private static ClientMessage? ReadObject(ReadOnlyMemory<byte> bytes)
    {
        using var document = JsonDocument.Parse(bytes, _json);
        var root = document.RootElement;
        RefuseHalfCharacters(root, bytes);
        return root.ValueKind == JsonValueKind.Object && Text(root, "topic") is { } topic && Text(root, "event") is { } name
            ? new ClientMessage(
                Text(root, "join_ref"), Text(root, "ref"), topic, name,
                root.TryGetProperty("payload", out var payload) ? payload.Clone() : default)
            : null;
    }

    private static ClientMessage? ReadArray(ReadOnlyMemory<byte> bytes)
    {
        using var document = JsonDocument.Parse(bytes, _json);
        var root = document.RootElement;
        RefuseHalfCharacters(root, bytes);
        return root.ValueKind == JsonValueKind.Array && root.GetArrayLength() >= 5
            && Text(root[2]) is { } topic && Text(root[3]) is { } name
            ? new ClientMessage(Text(root[0]), Text(root[1]), topic, name, root[4].Clone())
            : null;
    }

    private static ClientMessage? ReadBinary(ReadOnlyMemory<byte> bytes)
    {
        var span = bytes.Span;
        if (span.Length < BinaryHeader || span[0] != UserBroadcastPush)
        {
            return null;
        }

        var at = BinaryHeader;
        var parts = new ReadOnlyMemory<byte>[5];
        for (var i = 0; i < parts.Length; i++)
        {
            var length = span[1 + i];
            if (at + length > span.Length)
            {
                return null;
            }

            parts[i] = bytes.Slice(at, length);
            at += length;
        }

        var isJson = span[6] == 1;
        var content = bytes[at..].ToArray();
        if (!IsJson(parts[4], isEmptyFine: true) || (isJson && !IsJson(content, isEmptyFine: false)))
        {
            return null;
        }

        return new ClientMessage(
            Part(parts[0]), Part(parts[1]), _utf8.GetString(parts[2].Span), EventNames.Broadcast, default,
            new BinaryBroadcast(_utf8.GetString(parts[3].Span), isJson, parts[4].ToArray(), content));
    }

    // What is passed on as JSON must be JSON: others could not read it.
    private static bool IsJson(ReadOnlyMemory<byte> bytes, bool isEmptyFine)
    {
        if (bytes.IsEmpty)
        {
            return isEmptyFine;
        }

        using var document = JsonDocument.Parse(bytes, _json);
        return true;
    }

    // An escaped half of a character is JSON, but no text: it could be read nowhere, and not be written again.
    private static void RefuseHalfCharacters(JsonElement root, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Span.IndexOf("\\ud"u8) >= 0 || bytes.Span.IndexOf("\\uD"u8) >= 0)
        {
            using var json = new Utf8JsonWriter(Stream.Null);
            root.WriteTo(json);
        }
    }

    private static string? Part(ReadOnlyMemory<byte> bytes) => bytes.IsEmpty ? null : _utf8.GetString(bytes.Span);

    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) ? Text(value) : null;

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        _ => null,
    };
}
