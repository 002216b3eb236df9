namespace ArtMqtt.Store.Routes;

/// <summary>A place on the ellipsoid WGS 84 as metres from the middle of the earth; no date line, no poles.</summary>
/// <param name="X">Metres towards latitude 0, longitude 0.</param>
/// <param name="Y">Metres towards latitude 0, longitude 90.</param>
/// <param name="Z">Metres towards the north pole.</param>
public readonly record struct Geocentric(double X, double Y, double Z);
