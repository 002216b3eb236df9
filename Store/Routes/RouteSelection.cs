namespace ArtMqtt.Store.Routes;

/// <summary>Which positions of a route are wanted.</summary>
/// <param name="From">Earliest fix time, included.</param>
/// <param name="To">Latest fix time, included.</param>
/// <param name="Limit">Most positions.</param>
public sealed record RouteSelection(DateTimeOffset From, DateTimeOffset To, int Limit)
{
    /// <summary>Only positions behind this one, or null.</summary>
    public RouteCursor? After { get; init; }

    /// <summary>Only the first position in each span of this length, or null for all.</summary>
    public TimeSpan? Bucket { get; init; }
}
