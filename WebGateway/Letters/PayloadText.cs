using System.Text;

namespace ArtMqtt.WebGateway.Letters;

/// <summary>Shows what somebody sent to somebody else: as text only where it is nothing but text.</summary>
internal static class PayloadText
{
    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text, or null when it has control characters or is not UTF-8.</summary>
    public static string? Of(ReadOnlySpan<byte> payload)
    {
        try
        {
            var text = _strict.GetString(payload);
            return text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')) ? null : text;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
