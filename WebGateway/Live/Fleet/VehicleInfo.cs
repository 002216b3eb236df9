using ArtMqtt.Contracts.Requests;

namespace ArtMqtt.WebGateway.Live.Fleet;

/// <summary>What <c>fleet:describe</c> tells of a vehicle.</summary>
/// <param name="Key">Its key in frames.</param>
/// <param name="DeviceId">Its name.</param>
/// <param name="RequestId">The request it is assigned to, or null.</param>
/// <param name="Status">How far that has come, or null.</param>
internal sealed record VehicleInfo(int Key, string DeviceId, Guid? RequestId, RequestStatus? Status);
