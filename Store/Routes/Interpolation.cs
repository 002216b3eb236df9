using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Store.Routes;

/// <summary>Where something was between two positions, if it went straight and evenly.</summary>
public static class Interpolation
{
    /// <summary>
    /// The position at an instant between two others: on the great circle, so the short way over the date line; the
    /// heading turns the short way. What only one of them knows is not known; the battery is that of the first.
    /// </summary>
    public static Position Between(in Position before, in Position after, DateTimeOffset at)
    {
        var share = (at - before.FixTime) / (after.FixTime - before.FixTime);
        var (latitude, longitude) = Place(before, after, share);
        return new Position(latitude, longitude, at)
        {
            Speed = Mix(before.Speed, after.Speed, share),
            Heading = MixHeading(before.Heading, after.Heading, share),
            Accuracy = Mix(before.Accuracy, after.Accuracy, share),
            Altitude = Mix(before.Altitude, after.Altitude, share),
            Battery = before.Battery,
        };
    }

    private static (double Latitude, double Longitude) Place(in Position before, in Position after, double share)
    {
        var (from, to) = (Vertical(before), Vertical(after));
        var sine = Math.Sqrt(
            Square((from.Y * to.Z) - (from.Z * to.Y)) + Square((from.Z * to.X) - (from.X * to.Z))
            + Square((from.X * to.Y) - (from.Y * to.X)));
        var angle = Math.Atan2(sine, (from.X * to.X) + (from.Y * to.Y) + (from.Z * to.Z));
        // Below a few centimetres both are as good as one place, and the division would be by almost nothing.
        var (a, b) = angle < 1e-8
            ? (1 - share, share)
            : (Math.Sin((1 - share) * angle) / Math.Sin(angle), Math.Sin(share * angle) / Math.Sin(angle));
        var (x, y, z) = ((a * from.X) + (b * to.X), (a * from.Y) + (b * to.Y), (a * from.Z) + (b * to.Z));
        return (double.RadiansToDegrees(Math.Atan2(z, Math.Sqrt((x * x) + (y * y)))),
            double.RadiansToDegrees(Math.Atan2(y, x)));
    }

    // The direction up: it has length 1, and its angles are the degrees of the place.
    private static (double X, double Y, double Z) Vertical(in Position position)
    {
        var (sinLatitude, cosLatitude) = Math.SinCos(double.DegreesToRadians(position.Latitude));
        var (sinLongitude, cosLongitude) = Math.SinCos(double.DegreesToRadians(position.Longitude));
        return (cosLatitude * cosLongitude, cosLatitude * sinLongitude, sinLatitude);
    }

    private static double Square(double value) => value * value;

    private static float? Mix(float? before, float? after, double share) => (float?)(before + (share * (after - before)));

    private static float? MixHeading(float? before, float? after, double share)
    {
        if (before is not { } from || after is not { } to)
        {
            return null;
        }

        var heading = (float)((from + (share * Math.IEEERemainder((double)to - from, 360)) + 360) % 360);
        return heading < 360 ? heading : 0;
    }
}
