using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Store.Routes;

/// <summary>A position on a movement.</summary>
/// <param name="Position">The position.</param>
/// <param name="Place">Where it is in space.</param>
internal readonly record struct Waypoint(Position Position, Geocentric Place)
{
    /// <summary>Metres since the movement began.</summary>
    public double Distance { get; init; }

    /// <summary>The highest reported speed since the movement began, metres per second.</summary>
    public float? MaxSpeed { get; init; }

    /// <summary>The time of all steps since the movement began that went at 1 km/h or faster.</summary>
    public TimeSpan Moving { get; init; }

    public DateTimeOffset Time => Position.FixTime;

    public static Waypoint Of(in Position position) =>
        new(position, Ellipsoid.ToGeocentric(position.Latitude, position.Longitude)) { MaxSpeed = position.Speed };

    /// <summary>Whether it is within some metres of a place, through the ground: good enough for a few hundred.</summary>
    public bool IsWithin(double metres, in Geocentric place)
    {
        var (x, y, z) = (Place.X - place.X, Place.Y - place.Y, Place.Z - place.Z);
        return (x * x) + (y * y) + (z * z) <= metres * metres;
    }

    /// <summary>The same position as part of the movement that the waypoint before it belongs to.</summary>
    public Waypoint After(in Waypoint before)
    {
        var (step, time) = (Ellipsoid.Distance(before.Place, Place), Time - before.Time);
        return this with
        {
            Distance = before.Distance + step,
            Moving = step >= RouteSummary.MovingSpeed * time.TotalSeconds ? before.Moving + time : before.Moving,
            MaxSpeed = Position.Speed is { } speed && !(speed <= before.MaxSpeed) ? speed : before.MaxSpeed,
        };
    }
}
