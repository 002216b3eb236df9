namespace ArtMqtt.DeviceAgent.Simulation;

/// <summary>
/// A plane that touches the earth at a centre (azimuthal equidistant projection): true to scale within 1 part in a
/// million over the 10 km of a city, at any latitude and across the antimeridian.
/// </summary>
internal sealed class LocalPlane
{
    /// <summary>Mean radius of the earth in metres.</summary>
    public const double EarthRadius = 6_371_008.8;

    private readonly double _latitude;
    private readonly double _longitude;

    /// <summary>A plane around a centre, in degrees.</summary>
    public LocalPlane(double latitude, double longitude) =>
        (_latitude, _longitude) = (double.DegreesToRadians(latitude), double.DegreesToRadians(longitude));

    /// <summary>Degrees of a place; the longitude is -180 to below 180.</summary>
    public (double Latitude, double Longitude) ToDegrees(PlanePoint point)
    {
        var arc = point.Length / EarthRadius;
        if (arc < 1e-15)
        {
            return (double.RadiansToDegrees(_latitude), Wrap(double.RadiansToDegrees(_longitude)));
        }

        var unit = point.Unit();
        var (sinArc, cosArc) = Math.SinCos(arc);
        var (sinCentre, cosCentre) = Math.SinCos(_latitude);
        var sinLatitude = (cosArc * sinCentre) + (sinArc * cosCentre * unit.North);
        var latitude = Math.Asin(Math.Clamp(sinLatitude, -1, 1));
        var longitude = _longitude + Math.Atan2(
            unit.East * sinArc, (cosArc * cosCentre) - (sinArc * sinCentre * unit.North));
        return (double.RadiansToDegrees(latitude), Wrap(double.RadiansToDegrees(longitude)));
    }

    /// <summary>
    /// Degrees from true north of a direction at a place. Away from the centre "up" is not north any more, the more so
    /// near the poles.
    /// </summary>
    public double HeadingOf(PlanePoint place, PlanePoint direction)
    {
        var (latitude1, longitude1) = ToDegrees(place);
        var (latitude2, longitude2) = ToDegrees(place + (direction.Unit() * 10));
        var (sin1, cos1) = Math.SinCos(double.DegreesToRadians(latitude1));
        var (sin2, cos2) = Math.SinCos(double.DegreesToRadians(latitude2));
        var (sinBetween, cosBetween) = Math.SinCos(double.DegreesToRadians(longitude2 - longitude1));
        var heading = double.RadiansToDegrees(
            Math.Atan2(sinBetween * cos2, (cos1 * sin2) - (sin1 * cos2 * cosBetween)));
        return heading < 0 ? heading + 360 : heading;
    }

    private static double Wrap(double longitude) => longitude - (360 * Math.Floor((longitude + 180) / 360));
}
