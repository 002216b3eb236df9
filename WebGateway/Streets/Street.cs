namespace ArtMqtt.WebGateway.Streets;

/// <summary>A street, or a part of one between crossings.</summary>
/// <param name="Class">0 main to 2 residential, as in <c>Map:StreetsFile</c>.</param>
/// <param name="Line">From one end to the other.</param>
internal sealed record Street(int Class, IReadOnlyList<StreetPoint> Line);

/// <summary>A place on a street.</summary>
/// <param name="Latitude">Degrees north.</param>
/// <param name="Longitude">Degrees east.</param>
internal readonly record struct StreetPoint(double Latitude, double Longitude);
