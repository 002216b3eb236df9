using System.Buffers;
using System.Text.Json;

namespace ArtMqtt.Contracts.Positions;

/// <summary>
/// Positions as JSON: <c>{"lat","lng","timestamp",…}</c> or an array of such objects. <c>timestamp</c> is
/// milliseconds since 1970 (number) or ISO 8601 with offset (string). Unknown members are skipped.
/// </summary>
internal static class JsonPositions
{
    private static readonly JsonReaderOptions _options = new() { MaxDepth = 8 };

    public static bool TryDecode(
        ReadOnlySpan<byte> payload, int maxPositions, List<Position> positions, out PositionError error)
    {
        var reader = new Utf8JsonReader(payload, _options);
        try
        {
            if (!TryReadDocument(ref reader, maxPositions, positions, out error))
            {
                return false;
            }

            if (reader.Read())
            {
                error = PositionError.Malformed("There is text after the JSON value.");
                return false;
            }

            return true;
        }
        catch (JsonException e)
        {
            error = PositionError.Malformed($"The payload is not valid JSON (byte {e.BytePositionInLine ?? 0}).");
            return false;
        }
        catch (InvalidOperationException)
        {
            // What the reader throws for text that is not Unicode: bytes that are no UTF-8, half a surrogate pair.
            error = PositionError.Malformed("The payload is not valid JSON: a text in it is not Unicode.");
            return false;
        }
    }

    public static byte[] Encode(ReadOnlySpan<Position> positions)
    {
        var buffer = new ArrayBufferWriter<byte>(128 * Math.Max(1, positions.Length));
        using var writer = new Utf8JsonWriter(buffer);
        if (positions.Length == 1)
        {
            Write(writer, positions[0]);
        }
        else
        {
            writer.WriteStartArray();
            foreach (ref readonly var position in positions)
            {
                Write(writer, position);
            }

            writer.WriteEndArray();
        }

        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static bool TryReadDocument(
        ref Utf8JsonReader reader, int maxPositions, List<Position> positions, out PositionError error)
    {
        error = default;
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            return TryReadPosition(ref reader, positions, out error);
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            error = PositionError.Malformed("Send a JSON object or an array of objects.");
            return false;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                error = PositionError.Malformed("The array may contain objects only.");
                return false;
            }

            if (positions.Count == maxPositions)
            {
                error = PositionError.TooMany(maxPositions);
                return false;
            }

            if (!TryReadPosition(ref reader, positions, out error))
            {
                return false;
            }
        }

        if (positions.Count == 0)
        {
            error = PositionError.Malformed("The array is empty.");
            return false;
        }

        return true;
    }

    private static bool TryReadPosition(ref Utf8JsonReader reader, List<Position> positions, out PositionError error)
    {
        var fields = new JsonPositionFields();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!fields.TryRead(ref reader, out error))
            {
                return false;
            }
        }

        if (!fields.TryBuild(out var position, out error) || !PositionRules.IsValid(position, out error))
        {
            return false;
        }

        positions.Add(position);
        return true;
    }

    private static void Write(Utf8JsonWriter writer, in Position position)
    {
        writer.WriteStartObject();
        writer.WriteNumber("lat"u8, position.Latitude);
        writer.WriteNumber("lng"u8, position.Longitude);
        writer.WriteNumber("timestamp"u8, position.FixTime.ToUnixTimeMilliseconds());
        WriteOptional(writer, "speed"u8, position.Speed);
        WriteOptional(writer, "heading"u8, position.Heading);
        WriteOptional(writer, "accuracy"u8, position.Accuracy);
        WriteOptional(writer, "altitude"u8, position.Altitude);
        WriteOptional(writer, "battery"u8, position.Battery);
        WriteOptional(writer, "seq"u8, position.Sequence);
        writer.WriteEndObject();
    }

    private static void WriteOptional(Utf8JsonWriter writer, ReadOnlySpan<byte> name, float? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }

    private static void WriteOptional(Utf8JsonWriter writer, ReadOnlySpan<byte> name, uint? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }
}
