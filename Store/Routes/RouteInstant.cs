using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Store.Routes;

/// <summary>Where something was at one moment.</summary>
/// <param name="Position">The place at that moment; its fix time is the moment.</param>
/// <param name="Before">Fix time of the stored position before it, or at it.</param>
/// <param name="After">Fix time of the stored position after it, or at it.</param>
public sealed record RouteInstant(in Position Position, DateTimeOffset Before, DateTimeOffset After)
{
    /// <summary>Whether the position was computed from both neighbours; otherwise it is stored like this.</summary>
    public bool IsInterpolated => Before != After;
}
