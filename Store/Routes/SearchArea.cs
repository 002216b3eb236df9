using NetTopologySuite.Algorithm.Locate;
using NetTopologySuite.Geometries;

namespace ArtMqtt.Store.Routes;

/// <summary>An area of polygons with holes, in degrees; its edge belongs to it. Indexed for many look-ups.</summary>
public sealed class SearchArea
{
    // One degree of latitude, and of longitude at the equator.
    private const double MetresPerDegree = 111_195;

    private readonly IndexedPointInAreaLocator _locator;
    private readonly Coordinate[][] _rings;

    private SearchArea(Geometry geometry)
    {
        _rings = [.. geometry.Boundary is MultiLineString lines
            ? lines.Geometries.Select(line => line.Coordinates)
            : [geometry.Boundary.Coordinates]];
        _locator = new IndexedPointInAreaLocator(geometry);
        var envelope = geometry.EnvelopeInternal;
        Box = new BoundingBox(envelope.MinX, envelope.MinY, envelope.MaxX, envelope.MaxY);
    }

    /// <summary>The box around it.</summary>
    public BoundingBox Box { get; }

    /// <summary>
    /// Makes an area of polygons: the first ring of each is its edge, the others are holes; longitude first, the last place
    /// of a ring equal to its first. Null when edges cross or a ring is no ring.
    /// </summary>
    public static SearchArea? Create(
        IReadOnlyList<IReadOnlyList<IReadOnlyList<(double Longitude, double Latitude)>>> polygons)
    {
        ArgumentNullException.ThrowIfNull(polygons);
        if (polygons.Count == 0 || polygons.Any(rings => rings.Count == 0 || !rings.All(IsRing)))
        {
            return null;
        }

        var factory = new GeometryFactory();
        var geometry = factory.CreateMultiPolygon([.. polygons.Select(rings => factory.CreatePolygon(
            Ring(factory, rings[0]), [.. rings.Skip(1).Select(hole => Ring(factory, hole))]))]);
        return geometry.IsValid ? new SearchArea(geometry) : null;
    }

    /// <summary>Whether a place is inside or on the edge.</summary>
    public bool Contains(double latitude, double longitude) =>
        _locator.Locate(new Coordinate(longitude, latitude)) != Location.Exterior;

    /// <summary>Metres to the area, 0 inside; on a plane that touches the earth here, so good for some kilometres.</summary>
    public double Distance(double latitude, double longitude) => Contains(latitude, longitude)
        ? 0
        : Math.Sqrt(_rings.Min(ring => SquareTo(ring, latitude, longitude))) * MetresPerDegree;

    // The square of the distance to the nearest edge, in degrees of latitude.
    private static double SquareTo(Coordinate[] ring, double latitude, double longitude)
    {
        var scale = Math.Cos(double.DegreesToRadians(latitude));
        var least = double.PositiveInfinity;
        for (var i = 1; i < ring.Length; i++)
        {
            var (x, y) = (Turn(ring[i - 1].X - longitude) * scale, ring[i - 1].Y - latitude);
            var (dx, dy) = ((ring[i].X - ring[i - 1].X) * scale, ring[i].Y - ring[i - 1].Y);
            var along = (dx * dx) + (dy * dy);
            var t = along > 0 ? Math.Clamp(-((x * dx) + (y * dy)) / along, 0, 1) : 0;
            (x, y) = (x + (t * dx), y + (t * dy));
            least = Math.Min(least, (x * x) + (y * y));
        }

        return least;
    }

    // The short way round the earth.
    private static double Turn(double degrees) => degrees > 180 ? degrees - 360 : degrees < -180 ? degrees + 360 : degrees;

    private static bool IsRing(IReadOnlyList<(double, double)> places) => places.Count >= 4 && places[0] == places[^1];

    private static LinearRing Ring(GeometryFactory factory, IReadOnlyList<(double Longitude, double Latitude)> places) =>
        factory.CreateLinearRing([.. places.Select(p => new Coordinate(p.Longitude, p.Latitude))]);
}
