using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Store.Routes;

/// <summary>One stored position.</summary>
/// <param name="Position">Exactly as it was published.</param>
/// <param name="ReceivedAt">Our clock when it arrived, UTC.</param>
/// <param name="Role">In which capacity it was published.</param>
public sealed record RoutePoint(Position Position, DateTimeOffset ReceivedAt, PositionRole Role);
