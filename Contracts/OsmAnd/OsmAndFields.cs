using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Contracts.OsmAnd;

/// <summary>The fields of one OsmAnd message while it is read; unknown ones are skipped.</summary>
internal struct OsmAndFields
{
    private LenientPosition _position;
    private string? _deviceId;
    private double? _speed;
    private string? _speedUnit;
    private bool _hasNoFix;
    private PositionError? _error;

    /// <summary>Takes a field.</summary>
    public void Set(string name, string value)
    {
        switch (name)
        {
            case "id" or "deviceid": _deviceId ??= value; break;
            case "lat": _position.Latitude = Required("lat", value); break;
            case "lon": _position.Longitude = Required("lon", value); break;
            case "location": SetPlace(value); break;
            case "timestamp": SetTime(value); break;
            case "speed": _speed = LenientJson.Number(value); break;
            case "speedUnit": SetSpeedUnit(value); break;
            case "bearing" or "heading": _position.Heading = LenientJson.Number(value); break;
            case "altitude": _position.Altitude = LenientJson.Number(value); break;
            case "accuracy": _position.Accuracy = LenientJson.Number(value); break;
            case "batt": _position.Battery = LenientJson.Number(value); break;
            case "valid": _hasNoFix = value is not ("1" or "true" or "True" or "TRUE"); break;
        }
    }

    /// <summary>Gives what was read.</summary>
    /// <param name="receivedAt">Our clock, for messages without time.</param>
    /// <param name="into">Takes it.</param>
    public readonly void Complete(DateTimeOffset receivedAt, DecodedMessages into)
    {
        into.NoteDevice(_deviceId);
        var isNowhere = _position is { Latitude: null, Longitude: null } or { Latitude: 0, Longitude: 0 };
        if (_error is { } error)
        {
            into.Refuse(error);
        }
        else if (_hasNoFix || isNowhere)
        {
            // A sign of life, or cell towers and access points only.
            into.Pass("no_fix");
        }
        else
        {
            into.Add(_position with
            {
                FixTimeMs = _position.FixTimeMs ?? receivedAt.ToUnixTimeMilliseconds(),
                Speed = MetresPerSecond(),
            });
        }
    }

    // Knots are what Traccar reads and its clients write; OsmAnd itself writes m/s, which only its address can tell.
    private readonly double? MetresPerSecond() => _speedUnit switch
    {
        "ms" => _speed,
        "kmh" => LenientPosition.OfKilometresPerHour(_speed),
        _ => LenientPosition.OfKnots(_speed),
    };

    private void SetSpeedUnit(string value)
    {
        _speedUnit = value;
        if (value is not ("kn" or "ms" or "kmh"))
        {
            _error ??= PositionError.OutOfRange("speedUnit", "kn, ms or kmh");
        }
    }

    private double? Required(string name, string value)
    {
        var number = LenientJson.Number(value);
        if (number is null)
        {
            _error ??= PositionError.OutOfRange(name, "a finite number");
        }

        return number;
    }

    private void SetPlace(string value)
    {
        var comma = value.IndexOf(',', StringComparison.Ordinal);
        _position.Latitude = Required("location", comma < 0 ? "" : value[..comma]);
        _position.Longitude = Required("location", value[(comma + 1)..]);
    }

    private void SetTime(string value)
    {
        _position.FixTimeMs = OsmAndTime.Parse(value);
        if (_position.FixTimeMs is null)
        {
            _error ??= PositionError.OutOfRange("timestamp", "seconds or milliseconds since 1970, or an ISO 8601 time");
        }
    }
}
