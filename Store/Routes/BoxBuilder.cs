namespace ArtMqtt.Store.Routes;

/// <summary>The box around places that come one after the other, each step the short way round the earth.</summary>
public struct BoxBuilder
{
    private double _south, _north;
    private (int Turns, double Longitude) _last, _west, _east;
    private bool _any;

    /// <summary>Makes the box as large as the place needs it.</summary>
    public void Add(double latitude, double longitude)
    {
        if (!_any)
        {
            _any = true;
            (_south, _north) = (latitude, latitude);
            _last = _west = _east = (0, longitude);
            return;
        }

        // Longitudes run on over the date line: each crossing is a turn more or less. They are compared as pairs,
        // because adding 360 would round them, and the edges must be exactly what was stored.
        var step = longitude - _last.Longitude;
        _last = (_last.Turns + (step > 180 ? -1 : step < -180 ? 1 : 0), longitude);
        _west = _last.CompareTo(_west) < 0 ? _last : _west;
        _east = _last.CompareTo(_east) > 0 ? _last : _east;
        _south = Math.Min(_south, latitude);
        _north = Math.Max(_north, latitude);
    }

    /// <summary>The box so far, or null before the first place.</summary>
    public readonly BoundingBox? Build()
    {
        var turns = _east.Turns - _west.Turns;
        var isAllAround = turns > 1 || (turns == 1 && _east.Longitude >= _west.Longitude);
        return !_any ? null
            : isAllAround ? new BoundingBox(-180, _south, 180, _north)
            : new BoundingBox(_west.Longitude, _south, _east.Longitude, _north);
    }
}
