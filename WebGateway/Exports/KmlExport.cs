using System.Xml;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.WebGateway.Exports;

/// <summary>
/// KML 2.2 with Google's tracks: a Placemark for each line between gaps. In a track all times stand before all places,
/// so a line is a MultiTrack of tracks of at most 5,000 positions, connected by <c>gx:interpolate</c>.
/// </summary>
internal sealed class KmlExport(ExportStream output, string title, TimeSpan maxGap) : IExportWriter
{
    private const int TrackLength = 5_000;
    private const string Kml = "http://www.opengis.net/kml/2.2";
    private const string Gx = "http://www.google.com/kml/ext/2.2";

    private static readonly (string Name, string Display, Func<Position, float?> Of)[] _values =
    [
        ("speed", "Speed (m/s)", at => at.Speed),
        ("heading", "Heading (degrees)", at => at.Heading),
        ("accuracy", "Accuracy (m)", at => at.Accuracy),
        ("battery", "Battery (percent)", at => at.Battery),
    ];

    private readonly LineCutter _cutter = new(maxGap);
    private readonly List<Position> _track = new(TrackLength);
    private XmlWriter _xml = null!;
    private bool _isInLine;

    public ValueTask BeginAsync(CancellationToken cancellationToken)
    {
        _xml = ExportXml.Create(output);
        _xml.WriteStartDocument();
        _xml.WriteStartElement("kml", Kml);
        _xml.WriteAttributeString("xmlns", "gx", null, Gx);
        _xml.WriteStartElement("Document", Kml);
        _xml.WriteElementString("name", Kml, ExportXml.Text(title));
        _xml.WriteStartElement("Schema", Kml);
        _xml.WriteAttributeString("id", "position");
        foreach (var (name, display, _) in _values)
        {
            _xml.WriteStartElement("SimpleArrayField", Gx);
            _xml.WriteAttributeString("name", name);
            _xml.WriteAttributeString("type", "float");
            _xml.WriteElementString("displayName", Kml, display);
            _xml.WriteEndElement();
        }

        _xml.WriteEndElement();
        return default;
    }

    public async ValueTask AddAsync(ExportedPosition position, CancellationToken cancellationToken)
    {
        if (_cutter.Next(position.Point) != LineStep.GoesOn)
        {
            EndLine();
            BeginLine(position);
        }

        _track.Add(position.Position);
        if (_track.Count == TrackLength)
        {
            WriteTrack();
        }

        await output.FlushIfLargeAsync(cancellationToken);
    }

    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        EndLine();
        _xml.WriteEndDocument();
        _xml.Dispose();
        await output.FlushAsync(cancellationToken);
    }

    private void BeginLine(in ExportedPosition position)
    {
        _isInLine = true;
        _xml.WriteStartElement("Placemark", Kml);
        _xml.WriteElementString("name", Kml, ExportXml.Text(position.Title));
        if (position.DeviceId is { } deviceId)
        {
            _xml.WriteStartElement("ExtendedData", Kml);
            _xml.WriteStartElement("Data", Kml);
            _xml.WriteAttributeString("name", "deviceId");
            _xml.WriteElementString("value", Kml, deviceId);
            _xml.WriteEndElement();
            _xml.WriteEndElement();
        }

        _xml.WriteStartElement("MultiTrack", Gx);
        _xml.WriteElementString("interpolate", Gx, "1");
    }

    private void EndLine()
    {
        if (_isInLine)
        {
            WriteTrack();
            _xml.WriteEndElement();
            _xml.WriteEndElement();
        }
    }

    private void WriteTrack()
    {
        if (_track.Count == 0)
        {
            return;
        }

        _xml.WriteStartElement("Track", Gx);
        // An altitude that is not known must not put a part of the line at sea level.
        _xml.WriteElementString(
            "altitudeMode", Kml, _track.TrueForAll(at => at.Altitude is not null) ? "absolute" : "clampToGround");
        _track.ForEach(at => _xml.WriteElementString("when", Kml, ExportTime.Of(at.FixTime)));
        _track.ForEach(at => _xml.WriteElementString("coord", Gx, Place(at)));
        _xml.WriteStartElement("ExtendedData", Kml);
        _xml.WriteStartElement("SchemaData", Kml);
        _xml.WriteAttributeString("schemaUrl", "#position");
        foreach (var (name, _, of) in _values)
        {
            _xml.WriteStartElement("SimpleArrayData", Gx);
            _xml.WriteAttributeString("name", name);
            _track.ForEach(at => _xml.WriteElementString("value", Gx, ExportXml.Number(of(at))));
            _xml.WriteEndElement();
        }

        _xml.WriteEndElement();
        _xml.WriteEndElement();
        _xml.WriteEndElement();
        _track.Clear();
    }

    private static string Place(Position at) => at.Altitude is { } altitude
        ? $"{ExportXml.Number(at.Longitude)} {ExportXml.Number(at.Latitude)} {ExportXml.Number(altitude)}"
        : $"{ExportXml.Number(at.Longitude)} {ExportXml.Number(at.Latitude)}";
}
