using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Store.Routes;

/// <summary>One stored position.</summary>
/// <param name="Position">Exactly as it was published.</param>
/// <param name="ReceivedAt">Our clock when it arrived, UTC.</param>
/// <param name="Role">In which capacity it was published.</param>
public sealed record RoutePoint(Position Position, DateTimeOffset ReceivedAt, PositionRole Role)
{
    /// <summary>The key of what reported it; above 0 when it was read from the store.</summary>
    public int DeviceKey { get; init; }
}
