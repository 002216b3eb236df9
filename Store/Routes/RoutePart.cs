namespace ArtMqtt.Store.Routes;

/// <summary>A part of a route: a <see cref="RouteTrip"/> or a <see cref="RouteStop"/>.</summary>
/// <param name="From">Fix time of its first position.</param>
/// <param name="To">Fix time of its last position.</param>
public abstract record RoutePart(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>The time between both ends.</summary>
    public TimeSpan Duration => To - From;
}
