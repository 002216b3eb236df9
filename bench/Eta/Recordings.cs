using System.Globalization;
using System.Text.Json;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Eta.Bench;

/// <summary>Drives that were recorded: single ones from all over the world, and the buses of one night in one city.</summary>
internal static class Recordings
{
    private static readonly TimeSpan _longestGap = TimeSpan.FromMinutes(5);
    private static readonly DateTimeOffset _start = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    /// <summary>Every drive in a folder with the subfolders <c>car</c> and <c>fleet</c>.</summary>
    public static IEnumerable<Drive> Read(string folder) => ReadCars(Path.Combine(folder, "car"))
        .Concat(ReadBuses(Path.Combine(folder, "fleet")));

    private static IEnumerable<Drive> ReadCars(string folder)
    {
        var tracks = Directory.EnumerateFiles(folder, "*.track").Order(StringComparer.Ordinal).Select(ReadTrack);
        var others = Directory.EnumerateFiles(folder, "*-001.json").Order(StringComparer.Ordinal).Select(ReadPoints);
        return Drives("recorded cars", tracks.Concat(others).SelectMany(CutAtGaps));
    }

    private static IEnumerable<Drive> ReadBuses(string folder) => Drives("recorded buses", Directory
        .EnumerateFiles(folder, "*siri*.csv").SelectMany(File.ReadLines).Select(line => line.Split(','))
        .GroupBy(fields => (Vehicle: fields[12], Journey: fields[5]), fields => new Position(
            Number(fields[9]), Number(fields[8]),
            DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(fields[0], CultureInfo.InvariantCulture) / 1_000)))
        .OrderBy(journey => journey.Key)
        .SelectMany(journey => CutAtGaps(journey.OrderBy(position => position.FixTime))));

    private static IEnumerable<Drive> Drives(string group, IEnumerable<List<Position>> pieces) =>
        pieces.Select(piece => Drive.TryCreate(group, piece)).OfType<Drive>();

    // Longitude, latitude, seconds from the start.
    private static IEnumerable<Position> ReadTrack(string file) => File.ReadLines(file)
        .Select(line => line.Split('\t'))
        .Select(fields => new Position(Number(fields[1]), Number(fields[0]), _start.AddSeconds(Number(fields[2]))));

    private static IEnumerable<Position> ReadPoints(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        foreach (var item in json.RootElement.EnumerateArray())
        {
            var place = item.GetProperty("point").GetString()!["POINT(".Length..^1].Split(' ');
            yield return new Position(Number(place[1]), Number(place[0]), DateTimeOffset.ParseExact(
                item.GetProperty("time").GetString()![..19], "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal));
        }
    }

    private static IEnumerable<List<Position>> CutAtGaps(IEnumerable<Position> positions)
    {
        var piece = new List<Position>();
        foreach (var position in positions)
        {
            if (piece.Count > 0 && position.FixTime - piece[^1].FixTime > _longestGap)
            {
                yield return piece;
                piece = [];
            }

            piece.Add(position);
        }

        if (piece.Count > 0)
        {
            yield return piece;
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
