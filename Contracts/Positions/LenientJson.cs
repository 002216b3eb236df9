using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace ArtMqtt.Contracts.Positions;

/// <summary>Reads JSON of apps that are not ours: numbers may be written as text, members may be null.</summary>
internal static class LenientJson
{
    private static readonly JsonDocumentOptions _options = new() { MaxDepth = 16 };

    /// <summary>
    /// Hands the messages of a payload on, one object or an array of them; what is no message is refused.
    /// </summary>
    public static void ReadMessages(
        ReadOnlyMemory<byte> payload, DecodedMessages into, Action<JsonElement, DecodedMessages> read)
    {
        try
        {
            using var document = JsonDocument.Parse(payload, _options);
            foreach (var message in Messages(document.RootElement))
            {
                if (message.ValueKind == JsonValueKind.Object)
                {
                    read(message, into);
                }
                else
                {
                    into.Refuse(PositionError.Malformed("Send a JSON object or an array of objects."));
                }
            }
        }
        catch (JsonException e)
        {
            into.RefuseAll(PositionError.Malformed($"The payload is not valid JSON (byte {e.BytePositionInLine ?? 0})."));
        }
        catch (InvalidOperationException)
        {
            // What the reader throws for text that is not Unicode: bytes that are no UTF-8, half a surrogate pair.
            into.RefuseAll(PositionError.Malformed("The payload is not valid JSON: a text in it is not Unicode."));
        }
    }

    /// <summary>A member that is a finite number, or text that reads as one.</summary>
    public static double? Number(JsonElement message, string name) =>
        message.TryGetProperty(name, out var value) ? Number(value) : null;

    /// <summary>A member that is text; a number as it is written.</summary>
    public static string? Text(JsonElement message, string name) =>
        message.TryGetProperty(name, out var value) ? Text(value) : null;

    /// <summary>The text of a value, or null when it is none.</summary>
    public static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => null,
    };

    /// <summary>Text as a finite number.</summary>
    public static double? Number([NotNullWhen(true)] string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : null;

    private static double? Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetDouble(out var number) && double.IsFinite(number) => number,
        JsonValueKind.String => Number(value.GetString()),
        _ => null,
    };

    private static IEnumerable<JsonElement> Messages(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Array)
        {
            yield return root;
            yield break;
        }

        foreach (var message in root.EnumerateArray())
        {
            yield return message;
        }
    }
}
