using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.TestKit;

namespace ArtMqtt.Store.Tests;

/// <summary>The shared recordings and the known answers about them.</summary>
internal static class Recordings
{
    /// <summary>A recording, sorted and without equal times; the test is skipped when it is not on this machine.</summary>
    public static (IReadOnlyList<Position> Positions, JsonElement Answer) Read(string recording)
    {
        var path = Repository.Recording(recording);
        var answers = Repository.Recording("ANSWERS.json");
        Assert.SkipWhen(path is null || answers is null, "The shared recordings are not on this machine.");
        using var document = JsonDocument.Parse(File.ReadAllText(answers));
        var positions = Path.GetExtension(path) switch
        {
            ".track" => File.ReadLines(path).Select(Track),
            ".csv" => File.ReadLines(path).Skip(1).Select(Csv),
            ".gpx" => XDocument.Load(path).Descendants().Where(e => e.Name.LocalName == "trkpt").Select(Gpx),
            ".json" => Barefoot(path),
            _ => throw new NotSupportedException(path),
        };
        return ([.. positions.OrderBy(p => p.FixTime).DistinctBy(p => p.FixTime)],
            document.RootElement.GetProperty(recording).Clone());
    }

    private static Position Track(string line)
    {
        var parts = line.Split('\t');
        return new Position(Number(parts[1]), Number(parts[0]), DateTimeOffset.UnixEpoch.AddSeconds(Number(parts[2])));
    }

    private static Position Csv(string line)
    {
        var parts = line.Split(',');
        return new Position(
            Number(parts[1]), Number(parts[2]), DateTimeOffset.Parse(parts[0], CultureInfo.InvariantCulture));
    }

    private static Position Gpx(XElement point) => new(
        Number(point.Attribute("lat")!.Value), Number(point.Attribute("lon")!.Value),
        DateTimeOffset.Parse(
            point.Elements().Single(e => e.Name.LocalName == "time").Value, CultureInfo.InvariantCulture));

    private static IEnumerable<Position> Barefoot(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        foreach (var sample in document.RootElement.EnumerateArray())
        {
            var place = sample.GetProperty("point").GetString()!.Split('(', ')')[1].Split(' ');
            var time = sample.GetProperty("time").GetString()!;
            yield return new Position(
                Number(place[1]), Number(place[0]), DateTimeOffset.Parse(time, CultureInfo.InvariantCulture));
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
