using System.Text.Json;
using ArtMqtt.Store.Routes;

namespace ArtMqtt.Store.Geofences;

/// <summary>The area of a geofence: a circle, or polygons.</summary>
public sealed class GeofenceShape
{
    /// <summary>Most places of a polygon.</summary>
    public const int MaxPlaces = 1_000;

    /// <summary>Least radius of a circle, metres.</summary>
    public const double MinRadius = 10;

    /// <summary>Greatest radius of a circle, metres.</summary>
    public const double MaxRadius = 100_000;

    // A little less than anywhere on earth, so that boxes are rather too large.
    private const double MetresPerDegree = 110_500;

    private readonly SearchArea? _area;
    private readonly Geocentric _centre;
    private readonly double _radius;

    private GeofenceShape(SearchArea area) => (_area, Boxes) = (area, [area.Box]);

    private GeofenceShape(double latitude, double longitude, double radius)
    {
        (_centre, _radius) = (Ellipsoid.ToGeocentric(latitude, longitude), radius);
        Boxes = [.. BoxesAround(latitude, longitude, radius / MetresPerDegree)];
    }

    /// <summary>One or two boxes around it; none goes over the date line.</summary>
    public IReadOnlyList<BoundingBox> Boxes { get; }

    /// <summary>
    /// Reads a GeoJSON geometry: Polygon, MultiPolygon, or a Point with the member <c>radius</c> in metres. Null when it is
    /// none of these, or out of bounds.
    /// </summary>
    public static GeofenceShape? Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("type", out var type)
            || type.ValueKind != JsonValueKind.String || !json.TryGetProperty("coordinates", out var coordinates))
        {
            return null;
        }

        if (type.ValueEquals("Point"))
        {
            return AreaReader.TryReadPair(coordinates, out var centre)
                && json.TryGetProperty("radius", out var member) && member.ValueKind == JsonValueKind.Number
                && member.TryGetDouble(out var radius) && radius is >= MinRadius and <= MaxRadius
                    ? new GeofenceShape(centre.Latitude, centre.Longitude, radius)
                    : null;
        }

        return AreaReader.Read(type.GetString()!, coordinates, MaxPlaces, out _) is { } area ? new GeofenceShape(area) : null;
    }

    /// <summary>Metres to the area, 0 inside; exact for circles, for polygons good for some kilometres.</summary>
    public double Distance(double latitude, double longitude) => _area?.Distance(latitude, longitude)
        ?? Math.Max(0, Ellipsoid.Distance(Ellipsoid.ToGeocentric(latitude, longitude), _centre) - _radius);

    /// <summary>Whether a place is inside or on the edge.</summary>
    public bool Contains(double latitude, double longitude) =>
        _area?.Contains(latitude, longitude) ?? Distance(latitude, longitude) == 0;

    private static IEnumerable<BoundingBox> BoxesAround(double latitude, double longitude, double degrees)
    {
        var (south, north) = (Math.Max(-90, latitude - degrees), Math.Min(90, latitude + degrees));
        var nearPole = Math.Max(Math.Abs(south), Math.Abs(north));
        var across = nearPole > 89 ? 180 : degrees / Math.Cos(double.DegreesToRadians(nearPole));
        var (west, east) = (longitude - across, longitude + across);
        if (east - west >= 360)
        {
            (west, east) = (-180, 180);
        }

        yield return new BoundingBox(Math.Max(-180, west), south, Math.Min(180, east), north);
        if (west < -180)
        {
            yield return new BoundingBox(west + 360, south, 180, north);
        }
        else if (east > 180)
        {
            yield return new BoundingBox(-180, south, east - 360, north);
        }
    }
}
