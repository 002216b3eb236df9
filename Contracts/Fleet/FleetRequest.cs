using ArtMqtt.Contracts.Requests;

namespace ArtMqtt.Contracts.Fleet;

/// <summary>A request that is not over, as the broker knows it.</summary>
/// <param name="RequestId">Its id.</param>
/// <param name="Status">Never final.</param>
/// <param name="DeviceId">The assigned device, or null.</param>
/// <param name="CustomerKey">Integer key of the customer's phone, from the same numbers as device keys.</param>
/// <param name="CustomerTokenHash">Keyed hash of the token in the customer's link.</param>
/// <param name="AssignedAt">
/// Since when the device is assigned, UTC; null when none is, or when it is not known. What the device did before is
/// nothing of this request's.
/// </param>
public sealed record FleetRequest(
    Guid RequestId, RequestStatus Status, string? DeviceId, int CustomerKey,
    ReadOnlyMemory<byte> CustomerTokenHash, DateTimeOffset? AssignedAt)
{
    /// <summary>The firm it belongs to; empty for none.</summary>
    public string Tenant { get; init; } = "";
}
