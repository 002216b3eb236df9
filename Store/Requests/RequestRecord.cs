using ArtMqtt.Contracts.Requests;

namespace ArtMqtt.Store.Requests;

/// <summary>A request as stored.</summary>
/// <param name="RequestId">Its id.</param>
/// <param name="Status">How far it has come.</param>
/// <param name="DeviceId">The assigned device, or null.</param>
/// <param name="PickupLat">Where the customer waits, degrees north.</param>
/// <param name="PickupLng">Where the customer waits, degrees east.</param>
/// <param name="CustomerName">Or null.</param>
/// <param name="Note">For the operator, or null.</param>
/// <param name="CreatedAt">UTC, the database's clock.</param>
/// <param name="UpdatedAt">UTC, the database's clock.</param>
/// <param name="Version">1 when created, one more with each change.</param>
public sealed record RequestRecord(
    Guid RequestId, RequestStatus Status, string? DeviceId, double PickupLat, double PickupLng,
    string? CustomerName, string? Note, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, int Version)
{
    /// <summary>The firm it belongs to; empty for none.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>Since when the operator stays at the pickup point, where arrivals are only proposed; else null.</summary>
    public DateTimeOffset? ArrivalNoticedAt { get; init; }
}
