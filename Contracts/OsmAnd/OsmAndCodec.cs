using System.Text;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Contracts.OsmAnd;

/// <summary>
/// Positions as OsmAnd's online tracking and Traccar Client send them: fields of a query or form, with the speed in
/// knots, or JSON.
/// </summary>
public static class OsmAndCodec
{
    /// <summary>Content type of fields.</summary>
    public const string FormContentType = "application/x-www-form-urlencoded";

    /// <summary>Decodes a payload.</summary>
    /// <param name="payload">Fields (<c>lat=…&amp;lon=…</c>) or JSON.</param>
    /// <param name="contentType">What it is; null or anything but JSON: the first byte decides.</param>
    /// <param name="receivedAt">Our clock, for messages without time.</param>
    /// <param name="into">Takes what was found.</param>
    public static void Decode(
        ReadOnlyMemory<byte> payload, string? contentType, DateTimeOffset receivedAt, DecodedMessages into)
    {
        if (IsJson(payload.Span, contentType))
        {
            OsmAndJson.Decode(payload, receivedAt, into);
            return;
        }

        var fields = new OsmAndFields();
        foreach (var (name, value) in FormFields.Read(Encoding.UTF8.GetString(payload.Span)))
        {
            fields.Set(name, value);
        }

        fields.Complete(receivedAt, into);
    }

    /// <summary>Whether a body is JSON.</summary>
    public static bool IsJson(ReadOnlySpan<byte> payload, string? contentType) =>
        contentType?.StartsWith(PositionCodec.JsonContentType, StringComparison.OrdinalIgnoreCase) == true
        || payload is [(byte)'{' or (byte)'[', ..];
}
