using System.Globalization;

namespace ArtMqtt.EndToEnd.Tests.Recordings;

/// <summary>Reads the valid RMC sentences of an NMEA 0183 log with good checksums.</summary>
internal static class NmeaFile
{
    public static Recording Read(string path) => Recording.Of("--nmea", path, File.ReadLines(path)
        .Where(line => line.StartsWith("$GPRMC", StringComparison.Ordinal))
        .Select(line => line.Split(','))
        .Where(fields => fields[2] == "A")
        .Select(fields => (
            DateTimeOffset.ParseExact(
                fields[9] + fields[1], "ddMMyyHHmmss.FFF", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
            Degrees(fields[3], 2, fields[4] == "S"), Degrees(fields[5], 3, fields[6] == "W"))));

    private static double Degrees(string text, int digits, bool isNegative)
    {
        var degrees = double.Parse(text[..digits], CultureInfo.InvariantCulture)
            + (double.Parse(text[digits..], CultureInfo.InvariantCulture) / 60);
        return isNegative ? -degrees : degrees;
    }
}
