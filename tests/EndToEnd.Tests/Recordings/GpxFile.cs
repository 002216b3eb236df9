using System.Globalization;
using System.Xml.Linq;

namespace ArtMqtt.EndToEnd.Tests.Recordings;

/// <summary>Reads and writes GPX tracks.</summary>
internal static class GpxFile
{
    private static readonly XNamespace _gpx = "http://www.topografix.com/GPX/1/1";

    public static Recording Read(string path) => Recording.Of("--gpx", path, XDocument.Load(path)
        .Descendants(_gpx + "trkpt")
        .Select(point => (
            DateTimeOffset.Parse(point.Element(_gpx + "time")!.Value, CultureInfo.InvariantCulture),
            (double)point.Attribute("lat")!, (double)point.Attribute("lon")!)));

    /// <summary>The first fixes of a recording, in a file of their own.</summary>
    public static Recording Cut(string path, int fixes, string folder)
    {
        var target = Path.Combine(folder, Path.GetFileName(path));
        var document = XDocument.Load(path);
        document.Descendants(_gpx + "trkpt").Skip(fixes).Remove();
        document.Save(target);
        return Read(target);
    }

    public static void Write(string path, IEnumerable<(DateTimeOffset Time, double Latitude, double Longitude)> fixes) =>
        new XDocument(new XElement(_gpx + "gpx", new XElement(_gpx + "trk", new XElement(_gpx + "trkseg", fixes
            .Select(fix => new XElement(
                _gpx + "trkpt", new XAttribute("lat", fix.Latitude), new XAttribute("lon", fix.Longitude),
                new XElement(_gpx + "time", fix.Time.ToString("O", CultureInfo.InvariantCulture)))))))).Save(path);
}
