using System.Globalization;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Contracts.OsmAnd;

/// <summary>Times as OsmAnd and Traccar clients write them.</summary>
internal static class OsmAndTime
{
    /// <summary>
    /// Milliseconds since 1970. A number is seconds below 2^31 and milliseconds from there; text is ISO 8601 or
    /// <c>yyyy-MM-dd HH:mm:ss</c>, UTC without offset.
    /// </summary>
    public static double? Parse(string text)
    {
        if (LenientJson.Number(text) is { } number)
        {
            return number < int.MaxValue ? number * 1000 : number;
        }

        // TryParse guesses what is missing, so only what begins as a whole date and time gets there.
        if (text.Length < 16 || !char.IsAsciiDigit(text[0]) || text[4] != '-' || text[7] != '-'
            || text[10] is not ('T' or ' ') || text[13] != ':')
        {
            return null;
        }

        // A '+' of an offset that was not encoded arrives as a space.
        var iso = text[10] == 'T' ? text.Replace(' ', '+') : text;
        return DateTimeOffset.TryParse(iso, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToUnixTimeMilliseconds()
            : null;
    }
}
