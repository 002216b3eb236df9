namespace ArtMqtt.EndToEnd.Tests.Recordings;

/// <summary>A line of places, in metres on a plane around its first one. Good for a town.</summary>
internal sealed class Way
{
    private const double MetresPerDegree = 111_195;
    private readonly (double Lat, double Lng) _origin;
    private readonly List<(double X, double Y)> _points;

    public Way(IEnumerable<(double Lat, double Lng)> places)
    {
        var all = places.ToList();
        _origin = all[0];
        _points = all.ConvertAll(OnPlane);
    }

    /// <summary>
    /// Fails unless the places lie along this way, in order: each at the earliest spot not before that of the one in
    /// front of it, and not farther from it than the tolerance. Earliest is best: if this fails, no other order of
    /// spots works either.
    /// </summary>
    /// <param name="places">In the order they were passed.</param>
    /// <param name="tolerance">Metres beside or behind the way.</param>
    public void AssertPasses(IReadOnlyList<(double Lat, double Lng)> places, double tolerance)
    {
        var (segment, share) = (0, 0.0);
        for (var i = 0; i < places.Count; i++)
        {
            var before = (segment, share);
            if (!TryFind(OnPlane(places[i]), tolerance, ref segment, ref share))
            {
                Assert.Fail(
                    $"Place {i} of {places.Count}, {places[i]}, is more than {tolerance} m from the way behind segment "
                    + $"{before.segment} of {_points.Count - 1}; {OnPlane(places[i])}, the way is at "
                    + $"{_points[before.segment]}, then {_points[Math.Min(before.segment + 1, _points.Count - 1)]}.");
            }
        }
    }

    /// <summary>Metres between two places of a town.</summary>
    public static double Metres((double Lat, double Lng) from, (double Lat, double Lng) to) => double.Hypot(
        (to.Lng - from.Lng) * MetresPerDegree * Math.Cos(from.Lat * Math.PI / 180),
        (to.Lat - from.Lat) * MetresPerDegree);

    private bool TryFind((double X, double Y) place, double tolerance, ref int segment, ref double share)
    {
        for (; segment < _points.Count - 1; segment++, share = 0)
        {
            if (Enter(_points[segment], _points[segment + 1], place, tolerance) is var (from, until)
                && Math.Max(from, share) <= until)
            {
                share = Math.Max(from, share);
                return true;
            }
        }

        return false;
    }

    // Which part of a segment, as shares of it, lies within the circle around the place.
    private static (double From, double Until)? Enter(
        (double X, double Y) a, (double X, double Y) b, (double X, double Y) place, double radius)
    {
        var (dx, dy) = (b.X - a.X, b.Y - a.Y);
        var (px, py) = (place.X - a.X, place.Y - a.Y);
        var square = (dx * dx) + (dy * dy);
        var nearest = square == 0 ? 0 : ((px * dx) + (py * dy)) / square;
        var aside = (px * px) + (py * py) - (nearest * nearest * square);
        if (aside > radius * radius)
        {
            return null;
        }

        var reach = square == 0 ? 0 : Math.Sqrt(((radius * radius) - aside) / square);
        var (from, until) = (Math.Max(0, nearest - reach), Math.Min(1, nearest + reach));
        return from <= until ? (from, until) : null;
    }

    private (double X, double Y) OnPlane((double Lat, double Lng) place) => (
        (place.Lng - _origin.Lng) * MetresPerDegree * Math.Cos(_origin.Lat * Math.PI / 180),
        (place.Lat - _origin.Lat) * MetresPerDegree);
}
