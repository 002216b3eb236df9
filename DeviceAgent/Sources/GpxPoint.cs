using System.Globalization;
using System.Xml;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.DeviceAgent.Sources;

/// <summary>One <c>trkpt</c> while it is read: GPX 1.0 and 1.1 members and the extensions that carry motion.</summary>
internal sealed class GpxPoint
{
    private string? _latitude;
    private string? _longitude;
    private string? _time;
    private string? _elevation;
    private string? _speed;
    private string? _course;
    private string? _hdop;

    /// <summary>Reads the element the reader stands on, up to its end.</summary>
    public async Task<bool> ReadAsync(XmlReader reader)
    {
        _latitude = reader.GetAttribute("lat");
        _longitude = reader.GetAttribute("lon");
        if (reader.IsEmptyElement)
        {
            return true;
        }

        // Members are told by their local name alone: GPX 1.0 has speed and course here, Garmin's
        // TrackPointExtension, OsmAnd and others have them below <extensions> in namespaces of their own.
        var depth = reader.Depth;
        var member = "";
        while (await reader.ReadAsync() && !(reader.NodeType == XmlNodeType.EndElement && reader.Depth == depth))
        {
            if (reader.NodeType == XmlNodeType.Element)
            {
                member = reader.LocalName;
            }
            else if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
            {
                Set(member, reader.Value);
            }
            else if (reader.NodeType == XmlNodeType.EndElement)
            {
                member = "";
            }
        }

        return true;
    }

    /// <summary>The position, or why there is none, as a count.</summary>
    public bool TryBuild(SourceCounts counts, out Position position)
    {
        position = default;
        if (Number(_latitude) is not { } latitude || Number(_longitude) is not { } longitude)
        {
            counts.Invalid++;
            return false;
        }

        if (_time is null)
        {
            counts.WithoutTime++;
            return false;
        }

        if (!DateTimeOffset.TryParse(
            _time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time))
        {
            counts.Invalid++;
            return false;
        }

        position = FixBuilder.Build(
            latitude, longitude, time, Number(_speed), Number(_course), Number(_hdop), Number(_elevation));
        if (PositionRules.IsValid(position, out _))
        {
            return true;
        }

        counts.Invalid++;
        return false;
    }

    private void Set(string member, string value)
    {
        switch (member)
        {
            case "time": _time ??= value; break;
            case "ele": _elevation ??= value; break;
            case "speed": _speed ??= value; break;
            case "course": _course ??= value; break;
            case "hdop": _hdop ??= value; break;
        }
    }

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : null;
}
