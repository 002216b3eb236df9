namespace ArtMqtt.Store.Routes;

/// <summary>A stop that may still go on.</summary>
internal sealed class Standing
{
    // Within this part of the radius of where it was lately, a position has not left yet.
    private const double NearPart = 0.25;
    private readonly TripOptions _options;
    private readonly DateTimeOffset _from;
    private double _x, _y, _z;
    private Geocentric _recent;
    private int _count;
    private DateTimeOffset _last;

    /// <summary>Begins with the first position near the middle; it is to be added as well.</summary>
    public Standing(in Waypoint arrival, in Geocentric middle, TripOptions options)
        : this(arrival, middle, arrival.Time, options)
    {
    }

    private Standing(in Waypoint departure, in Geocentric recent, DateTimeOffset from, TripOptions options)
    {
        (_options, _from, _last, _recent, Departure) = (options, from, from, recent, departure);
    }

    /// <summary>The last position that was near where the vehicle stood: a movement begins with it.</summary>
    public Waypoint Departure { get; private set; }

    /// <summary>The mean of its positions.</summary>
    public Geocentric Middle => new(_x / _count, _y / _count, _z / _count);

    public static bool IsNear(in Waypoint waypoint, in Geocentric place, TripOptions options) =>
        waypoint.IsWithin(options.StopRadius * NearPart, place);

    public bool Contains(in Waypoint waypoint) => waypoint.IsWithin(_options.StopRadius, Middle);

    /// <summary>Adds a position inside; says whether it begins what comes after the stop anew.</summary>
    public bool Add(in Waypoint waypoint)
    {
        var place = waypoint.Place;
        (_x, _y, _z) = (_x + place.X, _y + place.Y, _z + place.Z);
        _count++;
        // Where it was lately follows a vehicle that moves to another corner of the yard, but not one that drives off.
        var share = 1 - Math.Exp(-(waypoint.Time - _last) / _options.MinStopDuration);
        _recent = new Geocentric(
            _recent.X + (share * (place.X - _recent.X)), _recent.Y + (share * (place.Y - _recent.Y)),
            _recent.Z + (share * (place.Z - _recent.Z)));
        _last = waypoint.Time;
        if (!IsNear(waypoint, _recent, _options))
        {
            return false;
        }

        Departure = waypoint;
        return true;
    }

    /// <summary>Goes on with a stop at the same place that was found after a while outside.</summary>
    public void Add(Standing later)
    {
        (_x, _y, _z, _count) = (_x + later._x, _y + later._y, _z + later._z, _count + later._count);
        (_recent, _last, Departure) = (later._recent, later._last, later.Departure);
    }

    /// <summary>The stop, over with the last position near it, or with the last one in it when it was not left.</summary>
    public RouteStop Close(bool isLeft)
    {
        var (latitude, longitude) = Ellipsoid.ToGeographic(Middle);
        return new RouteStop(_from, isLeft ? Departure.Time : _last, latitude, longitude);
    }

    public static void Save(Standing? standing, BinaryWriter writer)
    {
        writer.Write(standing is not null);
        if (standing is not null)
        {
            writer.WriteTime(standing._from);
            writer.WriteTime(standing._last);
            writer.WritePlace(new Geocentric(standing._x, standing._y, standing._z));
            writer.Write(standing._count);
            writer.WritePlace(standing._recent);
            writer.WriteWaypoint(standing.Departure);
        }
    }

    public static Standing? Load(BinaryReader reader, TripOptions options)
    {
        if (!reader.ReadBoolean())
        {
            return null;
        }

        var (from, last, sum, count) = (
            reader.ReadTime()!.Value, reader.ReadTime()!.Value, reader.ReadPlace(), reader.ReadInt32());
        var recent = reader.ReadPlace();
        return new Standing(reader.ReadWaypoint()!.Value, recent, from, options)
        {
            _last = last,
            _x = sum.X,
            _y = sum.Y,
            _z = sum.Z,
            _count = count,
        };
    }
}
