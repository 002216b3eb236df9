using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.DeviceAgent.Bench;

/// <summary>How far every fix is from the route that the kept ones tell.</summary>
internal static class RouteError
{
    private const double MetresPerDegree = 111_195;

    /// <summary>
    /// For each fix between two kept ones that are less than 10 min apart: metres to the line between them, and metres to
    /// the place on it at the same time.
    /// </summary>
    public static IEnumerable<(double FromLine, double AtTime)> Measure(
        IReadOnlyList<Position> fixes, IReadOnlyList<Position> kept)
    {
        var k = 0;
        foreach (var fix in fixes)
        {
            while (k + 1 < kept.Count && kept[k + 1].FixTime <= fix.FixTime)
            {
                k++;
            }

            if (k + 1 < kept.Count && fix.FixTime >= kept[k].FixTime
                && kept[k + 1].FixTime - kept[k].FixTime < TimeSpan.FromMinutes(10))
            {
                yield return Measure(fix, kept[k], kept[k + 1]);
            }
        }
    }

    private static (double FromLine, double AtTime) Measure(in Position fix, in Position from, in Position to)
    {
        var (x, y) = Plane(fix, from);
        var (dx, dy) = Plane(to, from);
        var length = (dx * dx) + (dy * dy);
        var along = length > 0 ? Math.Clamp(((x * dx) + (y * dy)) / length, 0, 1) : 0;
        var part = (fix.FixTime - from.FixTime) / (to.FixTime - from.FixTime);
        return (Math.Sqrt(Square(x - (along * dx)) + Square(y - (along * dy))),
            Math.Sqrt(Square(x - (part * dx)) + Square(y - (part * dy))));
    }

    private static (double X, double Y) Plane(in Position place, in Position origin) => (
        Math.IEEERemainder(place.Longitude - origin.Longitude, 360) * MetresPerDegree
            * Math.Cos(double.DegreesToRadians(origin.Latitude)),
        (place.Latitude - origin.Latitude) * MetresPerDegree);

    private static double Square(double value) => value * value;
}
