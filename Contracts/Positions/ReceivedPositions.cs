namespace ArtMqtt.Contracts.Positions;

/// <summary>The positions of one accepted publish, as the broker hands them to ingest through the spool.</summary>
/// <param name="DeviceKey">The integer key in the store, of the device or of the customer's phone.</param>
/// <param name="DeviceId">The device's name, or <c>customer</c> for a customer's phone.</param>
/// <param name="Role">In which capacity it was published.</param>
/// <param name="RequestId">The request it belongs to, or null.</param>
/// <param name="ReceivedAt">Our clock when the publish arrived, UTC, milliseconds.</param>
/// <param name="Positions">1 to 65,535 positions in the order they were sent.</param>
public sealed record ReceivedPositions(
    int DeviceKey, string DeviceId, PositionRole Role, Guid? RequestId, DateTimeOffset ReceivedAt,
    IReadOnlyList<ReceivedPosition> Positions);

/// <summary>One position and what was found about its clock.</summary>
/// <param name="Position">As published.</param>
/// <param name="IsClockSuspect">The fix time cannot be right; kept, but not shown live.</param>
public readonly record struct ReceivedPosition(Position Position, bool IsClockSuspect);
