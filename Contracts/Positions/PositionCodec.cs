namespace ArtMqtt.Contracts.Positions;

/// <summary>Position payloads as bytes: Protobuf (<c>position.proto</c>) and JSON, one position or a batch.</summary>
/// <remarks>The MQTT 5 content type decides; without one the first byte does (docs/wire-format.md).</remarks>
public static class PositionCodec
{
    /// <summary>MQTT 5 content type of Protobuf payloads.</summary>
    public const string ProtobufContentType = "application/x-protobuf";

    /// <summary>MQTT 5 content type of JSON payloads.</summary>
    public const string JsonContentType = "application/json";

    /// <summary>Decodes and range-checks a payload; on failure <paramref name="positions"/> is left empty.</summary>
    /// <param name="payload">One position, a Protobuf batch or a JSON array.</param>
    /// <param name="contentType">MQTT 5 content type, or null to go by the first byte.</param>
    /// <param name="maxPositions">Most positions in one payload.</param>
    /// <param name="positions">Cleared, then filled in payload order.</param>
    /// <param name="error">Why the payload was refused.</param>
    public static bool TryDecode(
        ReadOnlySpan<byte> payload, string? contentType, int maxPositions, List<Position> positions,
        out PositionError error)
    {
        positions.Clear();
        if (payload.IsEmpty)
        {
            error = PositionError.Malformed("The payload is empty; send a position as Protobuf or JSON.");
            return false;
        }

        if (!TryFormatOf(payload[0], contentType, out var format, out error))
        {
            return false;
        }

        var decoded = format == PositionFormat.Json
            ? JsonPositions.TryDecode(payload, maxPositions, positions, out error)
            : ProtobufPositions.TryDecode(payload, maxPositions, positions, out error);
        if (!decoded)
        {
            positions.Clear();
        }

        return decoded;
    }

    /// <summary>Encodes one position, or several as a batch, oldest first.</summary>
    public static byte[] Encode(ReadOnlySpan<Position> positions, PositionFormat format) =>
        format == PositionFormat.Json ? JsonPositions.Encode(positions) : ProtobufPositions.Encode(positions);

    private static bool TryFormatOf(byte first, string? contentType, out PositionFormat format, out PositionError error)
    {
        error = default;
        format = first is (byte)'{' or (byte)'[' or (byte)' ' or (byte)'\t' or (byte)'\n'
            ? PositionFormat.Json
            : PositionFormat.Protobuf;
        if (string.IsNullOrEmpty(contentType))
        {
            return true;
        }

        var mediaType = contentType.AsSpan();
        var parameters = mediaType.IndexOf(';');
        mediaType = (parameters < 0 ? mediaType : mediaType[..parameters]).Trim();
        if (mediaType.Equals(JsonContentType, StringComparison.OrdinalIgnoreCase))
        {
            format = PositionFormat.Json;
            return true;
        }

        if (mediaType.Equals(ProtobufContentType, StringComparison.OrdinalIgnoreCase)
            || mediaType.Equals("application/protobuf", StringComparison.OrdinalIgnoreCase)
            || mediaType.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase))
        {
            format = PositionFormat.Protobuf;
            return true;
        }

        error = new PositionError(
            PositionError.UnknownContentTypeCode, $"Use content type '{ProtobufContentType}' or '{JsonContentType}', or none.");
        return false;
    }
}
