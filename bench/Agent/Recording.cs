using System.Globalization;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.DeviceAgent.Sources;

namespace ArtMqtt.DeviceAgent.Bench;

/// <summary>A recorded drive: its fixes with their times in order and no time twice.</summary>
internal sealed record Recording(string Group, IReadOnlyList<Position> Fixes)
{
    /// <summary>The recordings below a folder: <c>car/*.track</c>, <c>bike/*.gpx</c> and <c>nmea/*.nmea</c>.</summary>
    public static async Task<List<Recording>> ReadAllAsync(string folder)
    {
        var all = new List<Recording>();
        foreach (var path in Files(folder, "car", "*.track"))
        {
            all.Add(new Recording("car", File.ReadLines(path).Select(ParseTrack).ToList()));
        }

        foreach (var path in Files(folder, "bike", "*.gpx"))
        {
            all.Add(await ReadAsync("bike and run", new GpxSource(path)));
        }

        foreach (var path in Files(folder, "nmea", "*.nmea"))
        {
            var group = Path.GetFileName(path).StartsWith("boat", StringComparison.Ordinal) ? "boat, nearly still" : "car (NMEA)";
            all.Add(await ReadAsync(group, new NmeaSource(path, allowMissingChecksum: true)));
        }

        return [.. all.Where(r => r.Fixes.Count > 200)];
    }

    private static IEnumerable<string> Files(string folder, string below, string pattern)
    {
        var path = Path.Combine(folder, below);
        return Directory.Exists(path) ? Directory.GetFiles(path, pattern).Order(StringComparer.Ordinal) : [];
    }

    private static async Task<Recording> ReadAsync(string group, IFixSource source)
    {
        var fixes = await source.ReadAsync(CancellationToken.None).ToListAsync();
        return new Recording(group, [.. fixes.OrderBy(f => f.FixTime).DistinctBy(f => f.FixTime)]);
    }

    // Longitude, latitude, seconds from the start.
    private static Position ParseTrack(string line)
    {
        var fields = line.Split('\t', StringSplitOptions.RemoveEmptyEntries);
        return new Position(
            double.Parse(fields[1], CultureInfo.InvariantCulture), double.Parse(fields[0], CultureInfo.InvariantCulture),
            DateTimeOffset.UnixEpoch.AddSeconds(double.Parse(fields[2], CultureInfo.InvariantCulture)));
    }
}
