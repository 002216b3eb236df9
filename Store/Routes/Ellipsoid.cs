using ArtMqtt.Contracts.Positions;
using ProjNet.CoordinateSystems;
using ProjNet.CoordinateSystems.Transformations;

namespace ArtMqtt.Store.Routes;

/// <summary>Distances on the ellipsoid WGS 84.</summary>
/// <remarks>
/// Places become geocentric, so the date line and the poles need no care. The straight line between two of them is
/// bent with the curvature of the ellipsoid in its direction, which is how fast the vertical turns along it. Against the
/// geodesic the error is below a thousandth of a millimetre for steps below 100 km, 1 mm up to 500 km and 5 m up to
/// 3,000 km; half around the earth it is kilometres. Nothing is allocated.
/// </remarks>
public static class Ellipsoid
{
    // The square of the ratio of the polar to the equatorial radius of WGS 84.
    private const double AxisRatioSquared = (1 - (1 / 298.257223563)) * (1 - (1 / 298.257223563));

    private static readonly MathTransform _toGeocentric = new CoordinateTransformationFactory()
        .CreateFromCoordinateSystems(GeographicCoordinateSystem.WGS84, GeocentricCoordinateSystem.WGS84).MathTransform;

    /// <summary>Metres between two positions, the short way; never negative.</summary>
    public static double Distance(in Position from, in Position to) =>
        Distance(ToGeocentric(from.Latitude, from.Longitude), ToGeocentric(to.Latitude, to.Longitude));

    /// <summary>Metres between two places on the ellipsoid, the short way; never negative.</summary>
    public static double Distance(in Geocentric from, in Geocentric to)
    {
        var (x, y, z) = (to.X - from.X, to.Y - from.Y, to.Z - from.Z);
        var square = (x * x) + (y * y) + (z * z);
        if (square == 0)
        {
            return 0;
        }

        // Both normals before they have length 1: (x, y, z a²/b²).
        var (fromZ, toZ) = (from.Z / AxisRatioSquared, to.Z / AxisRatioSquared);
        var fromLength = Math.Sqrt((from.X * from.X) + (from.Y * from.Y) + (fromZ * fromZ));
        var toLength = Math.Sqrt((to.X * to.X) + (to.Y * to.Y) + (toZ * toZ));
        var turn = (((to.X / toLength) - (from.X / fromLength)) * x)
            + (((to.Y / toLength) - (from.Y / fromLength)) * y)
            + (((toZ / toLength) - (fromZ / fromLength)) * z);
        var chord = Math.Sqrt(square);
        var halfCurvature = turn / square / 2;
        // The rounding of the turn shows on short chords, whose arc is no longer than they are.
        return chord < 1 ? chord : Math.Asin(Math.Min(1, chord * halfCurvature)) / halfCurvature;
    }

    /// <summary>Degrees north and east of a place on the surface, or near it.</summary>
    public static (double Latitude, double Longitude) ToGeographic(in Geocentric place) => (
        double.RadiansToDegrees(Math.Atan2(
            place.Z / AxisRatioSquared, Math.Sqrt((place.X * place.X) + (place.Y * place.Y)))),
        double.RadiansToDegrees(Math.Atan2(place.Y, place.X)));

    /// <summary>Where degrees north and east on the surface are in space.</summary>
    public static Geocentric ToGeocentric(double latitude, double longitude)
    {
        var (x, y, z) = (longitude, latitude, 0.0);
        _toGeocentric.Transform(ref x, ref y, ref z);
        return new Geocentric(x, y, z);
    }
}
