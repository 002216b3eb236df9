using NetTopologySuite.Algorithm.Locate;
using NetTopologySuite.Geometries;

namespace ArtMqtt.Store.Routes;

/// <summary>An area of polygons with holes, in degrees; its edge belongs to it. Indexed for many look-ups.</summary>
public sealed class SearchArea
{
    private readonly IndexedPointInAreaLocator _locator;

    private SearchArea(Geometry geometry)
    {
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

    private static bool IsRing(IReadOnlyList<(double, double)> places) => places.Count >= 4 && places[0] == places[^1];

    private static LinearRing Ring(GeometryFactory factory, IReadOnlyList<(double Longitude, double Latitude)> places) =>
        factory.CreateLinearRing([.. places.Select(p => new Coordinate(p.Longitude, p.Latitude))]);
}
