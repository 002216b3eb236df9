using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.DeviceAgent.Sources;

/// <summary>
/// The sentences of one moment merged into one fix: place and motion from RMC, altitude and HDOP from GGA, the rest
/// from GLL, VTG and GSA. RMC decides whether the fix is valid; GGA does where there is no RMC, and
/// GLL where there is neither.
/// </summary>
internal sealed class NmeaEpoch(TimeSpan time)
{
    private const double MetresPerSecondPerKnot = 1852.0 / 3600;

    private double? _latitude;
    private double? _longitude;
    private double? _speed;
    private double? _course;
    private double? _hdop;
    private double? _altitude;
    private bool? _isValidByRmc;
    private bool? _isValidByGga;
    private bool _isValidByGll;

    /// <summary>UTC time of day of all its sentences.</summary>
    public TimeSpan Time { get; } = time;

    /// <summary>Date told by a sentence of this epoch, or null.</summary>
    public DateOnly? Date { get; private set; }

    /// <summary>Whether the receiver had a solution.</summary>
    public bool IsValid => _isValidByRmc ?? _isValidByGga ?? _isValidByGll;

    /// <summary>Adds a sentence that carries this epoch's time, or VTG or GSA, which carry none.</summary>
    public void Add(NmeaSentence sentence)
    {
        switch (sentence.Type)
        {
            case "RMC":
                // Since NMEA 2.3 a mode tells apart what the status does not: N is no fix.
                _isValidByRmc = sentence[2] == "A" && sentence[12] != "N";
                Place(sentence, 3);
                _speed = sentence.Number(7) * MetresPerSecondPerKnot ?? _speed;
                _course = sentence.Number(8) ?? _course;
                Date = sentence.ShortDate(9) ?? Date;
                break;
            case "GGA":
                _isValidByGga = sentence.Number(6) > 0;
                if (_isValidByRmc is null)
                {
                    Place(sentence, 2);
                }

                _hdop = sentence.Number(8) ?? _hdop;
                _altitude = sentence.Number(9);
                break;
            case "GLL":
                _isValidByGll = sentence[6] == "A" && sentence[7] != "N";
                if (_latitude is null)
                {
                    Place(sentence, 1);
                }

                break;
            case "ZDA":
                Date = sentence.LongDate(2) ?? Date;
                break;
            case "VTG":
                _course ??= sentence.Number(1);
                _speed ??= sentence.Number(5) * MetresPerSecondPerKnot;
                break;
            case "GSA":
                _hdop ??= sentence.Number(16);
                break;
        }
    }

    /// <summary>The fix at a moment, or false when its numbers cannot be.</summary>
    public bool TryBuild(DateOnly date, out Position position)
    {
        position = default;
        if (_latitude is not { } latitude || _longitude is not { } longitude)
        {
            return false;
        }

        var time = new DateTimeOffset(date, TimeOnly.MinValue, TimeSpan.Zero) + Time;
        position = FixBuilder.Build(latitude, longitude, time, _speed, _course, _hdop, _altitude);
        return PositionRules.IsValid(position, out _);
    }

    private void Place(NmeaSentence sentence, int field)
    {
        if (sentence.Angle(field, 'N', 'S') is { } latitude && sentence.Angle(field + 2, 'E', 'W') is { } longitude)
        {
            _latitude = latitude;
            _longitude = longitude;
        }
    }
}
