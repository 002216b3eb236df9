namespace ArtMqtt.EndToEnd.Tests.Recordings;

/// <summary>
/// Half a minute through a town, a fix a second: off from standing, a bend, a serpentine, and standing again. Old, as
/// recordings are.
/// </summary>
internal static class MadeUpDrive
{
    private const int Seconds = 34;
    private const double MetresPerDegree = 111_195;
    private static readonly DateTimeOffset _start = new(2019, 5, 4, 10, 0, 0, TimeSpan.Zero);

    /// <summary>Writes it as GPX into a folder.</summary>
    public static Recording Write(string folder)
    {
        var path = Path.Combine(folder, "made-up.gpx");
        GpxFile.Write(path, Drive());
        return GpxFile.Read(path);
    }

    private static IEnumerable<(DateTimeOffset Time, double Latitude, double Longitude)> Drive()
    {
        var (latitude, longitude, heading) = (48.1374, 11.5755, 0.7);
        for (var second = 0; second < Seconds; second++)
        {
            yield return (_start.AddSeconds(second), latitude, longitude);
            var speed = Math.Max(0, Math.Min(Math.Min(2.5 * second, 12), 2.5 * (Seconds - 5 - second)));
            heading += second is > 8 and < 14 ? 0.25 : second is > 16 and < 24 ? 0.4 * Math.Sin(second) : 0;
            latitude += speed * Math.Cos(heading) / MetresPerDegree;
            longitude += speed * Math.Sin(heading) / (MetresPerDegree * Math.Cos(latitude * Math.PI / 180));
        }
    }
}
