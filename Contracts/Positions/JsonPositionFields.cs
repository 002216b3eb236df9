using System.Text.Json;

namespace ArtMqtt.Contracts.Positions;

/// <summary>The members of one JSON position while it is read.</summary>
internal ref struct JsonPositionFields
{
    private static readonly long _minMs = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long _maxMs = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    private double? _latitude;
    private double? _longitude;
    private DateTimeOffset? _fixTime;
    private float? _speed;
    private float? _heading;
    private float? _accuracy;
    private float? _altitude;
    private byte? _battery;
    private uint? _sequence;

    /// <summary>Reads the member the reader stands on, name and value.</summary>
    public bool TryRead(ref Utf8JsonReader reader, out PositionError error)
    {
        error = default;
        if (reader.ValueTextEquals("lat"u8)) { return TryDouble(ref reader, "lat", ref _latitude, out error); }
        if (reader.ValueTextEquals("lng"u8)) { return TryDouble(ref reader, "lng", ref _longitude, out error); }
        if (reader.ValueTextEquals("timestamp"u8)) { return TryTime(ref reader, out error); }
        if (reader.ValueTextEquals("speed"u8)) { return TryFloat(ref reader, "speed", ref _speed, out error); }
        if (reader.ValueTextEquals("heading"u8)) { return TryFloat(ref reader, "heading", ref _heading, out error); }
        if (reader.ValueTextEquals("accuracy"u8)) { return TryFloat(ref reader, "accuracy", ref _accuracy, out error); }
        if (reader.ValueTextEquals("altitude"u8)) { return TryFloat(ref reader, "altitude", ref _altitude, out error); }
        if (reader.ValueTextEquals("battery"u8)) { return TryBattery(ref reader, out error); }
        if (reader.ValueTextEquals("seq"u8)) { return TrySequence(ref reader, out error); }

        reader.Read();
        reader.Skip();
        return true;
    }

    /// <summary>The position, if the required members were there.</summary>
    public readonly bool TryBuild(out Position position, out PositionError error)
    {
        error = default;
        position = default;
        if (_latitude is not { } latitude) { error = PositionError.Missing("lat"); return false; }
        if (_longitude is not { } longitude) { error = PositionError.Missing("lng"); return false; }
        if (_fixTime is not { } fixTime) { error = PositionError.Missing("timestamp"); return false; }

        position = new Position(latitude, longitude, fixTime)
        {
            Speed = _speed,
            // 360 is what many receivers send for north.
            Heading = _heading == 360 ? 0 : _heading,
            Accuracy = _accuracy,
            Altitude = _altitude,
            Battery = _battery,
            Sequence = _sequence,
        };
        return true;
    }

    private static bool TryDouble(ref Utf8JsonReader reader, string name, ref double? field, out PositionError error)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value) && double.IsFinite(value))
        {
            field = value;
            error = default;
            return true;
        }

        error = PositionError.OutOfRange(name, "a finite number");
        return false;
    }

    private static bool TryFloat(ref Utf8JsonReader reader, string name, ref float? field, out PositionError error)
    {
        reader.Read();
        error = default;
        if (reader.TokenType == JsonTokenType.Null)
        {
            return true;
        }

        if (reader.TokenType == JsonTokenType.Number && reader.TryGetSingle(out var value) && float.IsFinite(value))
        {
            field = value;
            return true;
        }

        error = PositionError.OutOfRange(name, "a finite number or null");
        return false;
    }

    private bool TryBattery(ref Utf8JsonReader reader, out PositionError error)
    {
        float? percent = null;
        if (!TryFloat(ref reader, "battery", ref percent, out error))
        {
            return false;
        }

        if (percent is < 0 or > 100)
        {
            error = PositionError.OutOfRange("battery", "0 to 100");
            return false;
        }

        _battery = percent is { } value ? (byte)MathF.Round(value) : null;
        return true;
    }

    private bool TrySequence(ref Utf8JsonReader reader, out PositionError error)
    {
        reader.Read();
        error = default;
        if (reader.TokenType == JsonTokenType.Null)
        {
            return true;
        }

        if (reader.TokenType == JsonTokenType.Number && reader.TryGetUInt32(out var value))
        {
            _sequence = value;
            return true;
        }

        error = PositionError.OutOfRange("seq", "a whole number, 0 to 4294967295");
        return false;
    }

    private bool TryTime(ref Utf8JsonReader reader, out PositionError error)
    {
        reader.Read();
        error = default;
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var ms) && ms >= _minMs && ms <= _maxMs)
        {
            _fixTime = DateTimeOffset.FromUnixTimeMilliseconds((long)ms);
            return true;
        }

        if (reader.TokenType == JsonTokenType.String && TryIsoTime(ref reader, out var time))
        {
            _fixTime = DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
            return true;
        }

        error = PositionError.OutOfRange("timestamp", "milliseconds since 1970 or an ISO 8601 time");
        return false;
    }

    // Not DateTimeOffset.TryParse: it guesses what is missing ("10:00" is today) and which number is the month.
    private static bool TryIsoTime(ref Utf8JsonReader reader, out DateTimeOffset time)
    {
        // Without an offset it would be read in the server's zone, which nobody meant.
        if (reader.TryGetDateTime(out var utc) && utc.Kind == DateTimeKind.Unspecified)
        {
            time = new DateTimeOffset(utc, TimeSpan.Zero);
            return true;
        }

        return reader.TryGetDateTimeOffset(out time);
    }
}
