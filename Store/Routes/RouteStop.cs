namespace ArtMqtt.Store.Routes;

/// <summary>A part of a route that stands still.</summary>
/// <param name="From">Fix time of the first position near its middle.</param>
/// <param name="To">Fix time of the last position in it.</param>
/// <param name="Latitude">Degrees north of the mean of its positions.</param>
/// <param name="Longitude">Degrees east of the mean of its positions.</param>
public sealed record RouteStop(DateTimeOffset From, DateTimeOffset To, double Latitude, double Longitude)
    : RoutePart(From, To);
