using ArtMqtt.Contracts.Requests;

namespace ArtMqtt.WebGateway.Live.Fleet;

/// <summary>What belongs to a key in a frame.</summary>
/// <param name="Key">Integer key of the device.</param>
/// <param name="DeviceId">Its name.</param>
/// <param name="Tenant">The firm it belongs to; empty for none.</param>
/// <param name="RequestId">The request it is assigned to, or null.</param>
/// <param name="Status">How far that has come, or null.</param>
internal sealed record VehicleEntry(int Key, string DeviceId, string Tenant, Guid? RequestId, RequestStatus? Status);
