using System.Xml;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.WebGateway.Exports;

/// <summary>
/// GPX 1.1: a track per device, a segment up to each gap. Speed and heading stand in Garmin's TrackPointExtension 2;
/// accuracy, battery and sequence have no place in it.
/// </summary>
internal sealed class GpxExport(ExportStream output, string title, TimeSpan maxGap) : IExportWriter
{
    private const string Gpx = "http://www.topografix.com/GPX/1/1";
    private const string Extension = "http://www.garmin.com/xmlschemas/TrackPointExtension/v2";
    private readonly LineCutter _cutter = new(maxGap);
    private XmlWriter _xml = null!;
    private bool _isInTrack;

    public ValueTask BeginAsync(CancellationToken cancellationToken)
    {
        _xml = ExportXml.Create(output);
        _xml.WriteStartDocument();
        _xml.WriteStartElement("gpx", Gpx);
        _xml.WriteAttributeString("xmlns", "gpxtpx", null, Extension);
        _xml.WriteAttributeString("version", "1.1");
        _xml.WriteAttributeString("creator", "ArtMqtt");
        _xml.WriteStartElement("metadata", Gpx);
        _xml.WriteElementString("name", Gpx, ExportXml.Text(title));
        _xml.WriteEndElement();
        return default;
    }

    public ValueTask AddAsync(ExportedPosition position, CancellationToken cancellationToken)
    {
        switch (_cutter.Next(position.Point))
        {
            case LineStep.OtherDevice:
                EndTrack();
                BeginTrack(position);
                break;
            case LineStep.AfterGap:
                _xml.WriteEndElement();
                _xml.WriteStartElement("trkseg", Gpx);
                break;
        }

        WritePoint(position.Position);
        return output.FlushIfLargeAsync(cancellationToken);
    }

    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        EndTrack();
        _xml.WriteEndDocument();
        _xml.Dispose();
        await output.FlushAsync(cancellationToken);
    }

    private void BeginTrack(in ExportedPosition position)
    {
        _isInTrack = true;
        _xml.WriteStartElement("trk", Gpx);
        _xml.WriteElementString("name", Gpx, ExportXml.Text(position.Title));
        if (position.DeviceId is { } deviceId)
        {
            _xml.WriteElementString("src", Gpx, deviceId);
        }

        _xml.WriteStartElement("trkseg", Gpx);
    }

    private void EndTrack()
    {
        if (_isInTrack)
        {
            _xml.WriteEndElement();
            _xml.WriteEndElement();
        }
    }

    private void WritePoint(in Position at)
    {
        _xml.WriteStartElement("trkpt", Gpx);
        _xml.WriteAttributeString("lat", ExportXml.Number(at.Latitude));
        // Longitudes end below 180 there.
        _xml.WriteAttributeString("lon", ExportXml.Number(at.Longitude == 180 ? -180 : at.Longitude));
        if (at.Altitude is { } altitude)
        {
            _xml.WriteElementString("ele", Gpx, ExportXml.Number(altitude));
        }

        _xml.WriteElementString("time", Gpx, ExportTime.Of(at.FixTime));
        if (at.Speed is not null || at.Heading is not null)
        {
            _xml.WriteStartElement("extensions", Gpx);
            _xml.WriteStartElement("TrackPointExtension", Extension);
            WriteIfKnown("speed", at.Speed);
            WriteIfKnown("course", at.Heading);
            _xml.WriteEndElement();
            _xml.WriteEndElement();
        }

        _xml.WriteEndElement();
    }

    private void WriteIfKnown(string name, float? value)
    {
        if (value is { } known)
        {
            _xml.WriteElementString(name, Extension, ExportXml.Number(known));
        }
    }
}
