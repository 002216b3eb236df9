using NetTopologySuite.Geometries;
using NetTopologySuite.Simplify;

namespace ArtMqtt.Store.Routes;

/// <summary>
/// Leaves out positions that lie within a tolerance of the line through those it keeps (Douglas-Peucker), in windows of at
/// most 1,000 positions, so that a route of any length passes. First and last positions of windows are kept.
/// </summary>
/// <param name="tolerance">Metres, above 0.</param>
/// <param name="keep">Gets the positions that are kept, in their order.</param>
public sealed class RouteSimplifier(double tolerance, Action<RoutePoint> keep)
{
    private const int MaxWindow = 1_000;

    // A degree of latitude is 110.6 to 111.7 km; the frame is as exact as this and the width of a window make it.
    private const double MetresPerDegree = 111_200;

    // The ratio of a degree of longitude to one of latitude changes from the beginning of a window to its end.
    private const double MaxDegrees = 0.5;

    private readonly List<RoutePoint> _points = [];
    private readonly List<Coordinate> _places = [];
    private double _longitudeScale;

    /// <summary>Adds the next position, oldest first.</summary>
    public void Add(RoutePoint point)
    {
        ArgumentNullException.ThrowIfNull(point);
        if (_points.Count == 0)
        {
            Begin(point);
            keep(point);
            return;
        }

        var last = _points[^1].Position.Longitude;
        // Longitudes run on over the date line.
        var step = Math.IEEERemainder(point.Position.Longitude - last, 360);
        var place = new CoordinateZ(
            _places[^1].X + (step * _longitudeScale), point.Position.Latitude * MetresPerDegree, _points.Count);
        _points.Add(point);
        _places.Add(place);
        if (_points.Count == MaxWindow || IsFar(place))
        {
            Close();
            Begin(point);
        }
    }

    /// <summary>Says that there are no more positions.</summary>
    public void Finish()
    {
        Close();
        _points.Clear();
        _places.Clear();
    }

    private void Begin(RoutePoint point)
    {
        _points.Clear();
        _places.Clear();
        _longitudeScale = MetresPerDegree * Math.Cos(double.DegreesToRadians(point.Position.Latitude));
        _points.Add(point);
        _places.Add(new CoordinateZ(0, point.Position.Latitude * MetresPerDegree, 0));
    }

    private bool IsFar(Coordinate place) => Math.Abs(place.Y - _places[0].Y) > MaxDegrees * MetresPerDegree
        || Math.Abs(place.X) > MaxDegrees * MetresPerDegree;

    // The first of the window was kept as the last of the one before.
    private void Close()
    {
        if (_points.Count < 2)
        {
            return;
        }

        foreach (var place in DouglasPeuckerLineSimplifier.Simplify([.. _places], tolerance).Skip(1))
        {
            keep(_points[(int)place.Z]);
        }
    }
}
