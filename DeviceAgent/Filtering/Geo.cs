using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.DeviceAgent.Filtering;

/// <summary>Distances on a sphere and differences of angles.</summary>
internal static class Geo
{
    private const double Radius = 6_371_008.8;

    /// <summary>Metres between two places (haversine).</summary>
    public static double Distance(in Position a, in Position b)
    {
        var lat = double.DegreesToRadians(b.Latitude - a.Latitude);
        var lng = double.DegreesToRadians(b.Longitude - a.Longitude);
        var h = Square(Math.Sin(lat / 2)) + (Math.Cos(double.DegreesToRadians(a.Latitude))
            * Math.Cos(double.DegreesToRadians(b.Latitude)) * Square(Math.Sin(lng / 2)));
        return 2 * Radius * Math.Asin(Math.Min(1, Math.Sqrt(h)));
    }

    /// <summary>Degrees clockwise from north, 0 to below 360, from one place to another.</summary>
    public static double Bearing(in Position from, in Position to)
    {
        var (a, b) = (double.DegreesToRadians(from.Latitude), double.DegreesToRadians(to.Latitude));
        var lng = double.DegreesToRadians(to.Longitude - from.Longitude);
        var angle = double.RadiansToDegrees(Math.Atan2(
            Math.Sin(lng) * Math.Cos(b), (Math.Cos(a) * Math.Sin(b)) - (Math.Sin(a) * Math.Cos(b) * Math.Cos(lng))));
        return (angle + 360) % 360;
    }

    /// <summary>Degrees between two headings, 0 to 180.</summary>
    public static double Turn(double a, double b) => Math.Abs(Math.IEEERemainder(a - b, 360));

    private static double Square(double value) => value * value;
}
