using System.Globalization;

namespace ArtMqtt.EndToEnd.Tests.Recordings;

/// <summary>Reads the valid RMC sentences of an NMEA 0183 log whose checksums are all good.</summary>
internal static class NmeaFile
{
    private const string Rmc = "$GPRMC";

    public static Recording Read(string path) => Recording.Of("--nmea", path, File.ReadLines(path)
        .Where(line => line.StartsWith(Rmc, StringComparison.Ordinal))
        .Select(line => line.Split(','))
        .Where(fields => fields[2] == "A")
        .Select(fields => (
            DateTimeOffset.ParseExact(
                fields[9] + fields[1], "ddMMyyHHmmss.FFF", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
            Degrees(fields[3], 2, fields[4] == "S"), Degrees(fields[5], 3, fields[6] == "W"))));

    /// <summary>The first fixes of a recording, in a file of their own.</summary>
    public static Recording Cut(string path, int fixes, string folder)
    {
        var target = Path.Combine(folder, Path.GetFileName(path));
        var read = 0;
        File.WriteAllLines(target, File.ReadLines(path)
            .TakeWhile(line => !line.StartsWith(Rmc, StringComparison.Ordinal) || read++ < fixes));
        return Read(target);
    }

    private static double Degrees(string text, int digits, bool isNegative)
    {
        var degrees = double.Parse(text[..digits], CultureInfo.InvariantCulture)
            + (double.Parse(text[digits..], CultureInfo.InvariantCulture) / 60);
        return isNegative ? -degrees : degrees;
    }
}
