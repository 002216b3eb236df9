using System.IO.Pipelines;
using System.Text.Json;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.WebGateway.Exports;

/// <summary>
/// OGC Moving Features JSON (19-045r3, Prism): a <c>MovingPoint</c> for each line between gaps. In one all times stand
/// before all places, so a line is a feature of at most 5,000 positions and others that go on. It is cut at the date
/// line, where linear interpolation would go round the earth.
/// </summary>
internal sealed class MovingFeaturesExport(PipeWriter output, Utf8JsonWriter json, TimeSpan maxGap) : IExportWriter
{
    private const int PartLength = 5_000;
    private const int FlushAbove = 16 * 1024;

    private static readonly (string Name, string Unit, string Interpolation, Func<Position, float?> Of)[] _values =
    [
        ("speed", "MTS", "Linear", at => at.Speed),
        // Half way from 359° to 1° is north, which Linear would not find.
        ("heading", "http://qudt.org/vocab/unit/DEG", "Discrete", at => at.Heading),
        // Not as a third coordinate, which would be the height above the ellipsoid.
        ("altitude", "MTR", "Linear", at => at.Altitude),
        ("accuracy", "MTR", "Discrete", at => at.Accuracy),
        ("battery", "http://qudt.org/vocab/unit/PERCENT", "Discrete", at => at.Battery),
    ];

    private readonly LineCutter _cutter = new(maxGap) { CutsAtDateLine = true };
    private readonly List<ExportedPosition> _part = new(PartLength);
    private long _flushed;

    public ValueTask BeginAsync(CancellationToken cancellationToken)
    {
        json.WriteStartObject();
        json.WriteString("type", "FeatureCollection");
        WriteReferenceSystem("crs", "urn:ogc:def:crs:OGC:1.3:CRS84");
        WriteReferenceSystem("trs", "urn:ogc:data:time:iso8601");
        json.WriteStartArray("features");
        return default;
    }

    public ValueTask AddAsync(ExportedPosition position, CancellationToken cancellationToken)
    {
        if (_cutter.Next(position.Point) != LineStep.GoesOn || _part.Count == PartLength)
        {
            WritePart();
        }

        _part.Add(position);
        return json.BytesCommitted + json.BytesPending - _flushed >= FlushAbove ? FlushAsync(cancellationToken) : default;
    }

    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        WritePart();
        json.WriteEndArray();
        json.WriteEndObject();
        await FlushAsync(cancellationToken);
        await json.DisposeAsync();
    }

    private void WriteReferenceSystem(string member, string name)
    {
        json.WriteStartObject(member);
        json.WriteString("type", "Name");
        json.WriteStartObject("properties");
        json.WriteString("name", name);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WritePart()
    {
        if (_part.Count == 0)
        {
            return;
        }

        json.WriteStartObject();
        json.WriteString("type", "Feature");
        json.WriteStartObject("properties");
        json.WriteString("deviceId", _part[0].DeviceId);
        json.WriteString("name", _part[0].Title);
        json.WriteString("role", _part[0].Role);
        json.WriteEndObject();
        WriteMovement();
        WriteValues();
        json.WriteEndObject();
        _part.Clear();
    }

    private void WriteMovement()
    {
        json.WriteStartObject("temporalGeometry");
        json.WriteString("type", "MovingPoint");
        WriteTimes();
        json.WriteStartArray("coordinates");
        foreach (var position in _part)
        {
            json.WriteStartArray();
            json.WriteNumberValue(position.Position.Longitude);
            json.WriteNumberValue(position.Position.Latitude);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteString("interpolation", "Linear");
        json.WriteEndObject();
    }

    private void WriteValues()
    {
        var known = _values.Where(value => _part.Exists(position => value.Of(position.Position) is not null)).ToList();
        if (known.Count == 0)
        {
            return;
        }

        json.WriteStartArray("temporalProperties");
        json.WriteStartObject();
        WriteTimes();
        foreach (var (name, unit, interpolation, of) in known)
        {
            json.WriteStartObject(name);
            json.WriteString("type", "Measure");
            json.WriteString("form", unit);
            json.WriteStartArray("values");
            foreach (var position in _part)
            {
                if (of(position.Position) is { } value)
                {
                    json.WriteNumberValue(value);
                }
                else
                {
                    json.WriteNullValue();
                }
            }

            json.WriteEndArray();
            json.WriteString("interpolation", interpolation);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndArray();
    }

    private void WriteTimes()
    {
        json.WriteStartArray("datetimes");
        foreach (var position in _part)
        {
            json.WriteStringValue(ExportTime.Of(position.Position.FixTime));
        }

        json.WriteEndArray();
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await json.FlushAsync(cancellationToken);
        _flushed = json.BytesCommitted;
        await output.FlushAsync(cancellationToken);
    }
}
