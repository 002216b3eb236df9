namespace ArtMqtt.Contracts.Positions;

/// <summary>What the positions of one publish have in common, as they are stored.</summary>
/// <param name="DeviceKey">The integer key in the store, of the device or of the customer's phone.</param>
/// <param name="Role">In which capacity it was published.</param>
/// <param name="RequestId">The request it belongs to, or null.</param>
/// <param name="ReceivedAt">Our clock when the publish arrived, UTC, milliseconds.</param>
public readonly record struct PositionSource(
    int DeviceKey, PositionRole Role, Guid? RequestId, DateTimeOffset ReceivedAt);
