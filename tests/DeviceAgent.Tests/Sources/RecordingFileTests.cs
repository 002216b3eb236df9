using System.Text;
using ArtMqtt.DeviceAgent.Sources;
using ArtMqtt.TestKit;

namespace ArtMqtt.DeviceAgent.Tests.Sources;

public sealed class RecordingFileTests : IDisposable
{
    private const string Gpx =
        "<gpx><trk><trkseg><trkpt lat=\"1\" lon=\"2\"><time>2024-05-01T10:00:01Z</time></trkpt></trkseg></trk></gpx>";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Tells_by_itself_what_it_is_whatever_its_name()
    {
        var nmea = Nmea.Sum("GPRMC,120003.00,A,4807.038,N,01131.000,E,0.0,0.0,010124,,,A");
        byte[][] files =
        [
            Encoding.UTF8.GetBytes(Gpx),
            [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes($"\r\n {Gpx}")],
            [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Gpx)],
            Encoding.ASCII.GetBytes($"# a <comment>\r\n{nmea}"),
            [0, 0xFF, .. Encoding.ASCII.GetBytes($"\r\n{nmea}")],
        ];

        var latitudes = new List<double>();
        foreach (var file in files)
        {
            var path = Path.Combine(_folder.Path, "recording");
            await File.WriteAllBytesAsync(path, file, TestContext.Current.CancellationToken);
            var fixes = await RecordingFile.Open(path, allowMissingChecksum: false)
                .ReadAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
            latitudes.Add(Math.Round(Assert.Single(fixes).Latitude, 4));
        }

        Assert.Equal([1, 1, 1, 48.1173, 48.1173], latitudes);
    }

    [Fact]
    public void Says_when_a_file_is_missing() =>
        Assert.Throws<SourceException>(() => RecordingFile.Open(Path.Combine(_folder.Path, "none"), false));
}
