using ArtMqtt.Contracts.Requests;

namespace ArtMqtt.Store.Requests;

/// <summary>One change of a request, as it was written down.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="Version">Of the request after the change, from 1.</param>
/// <param name="From">Status before; null when the request was made.</param>
/// <param name="To">Status after; the same when something else changed.</param>
/// <param name="DeviceId">The device that was assigned after the change, or null.</param>
/// <param name="At">UTC, the database's clock.</param>
/// <param name="By">On whose word.</param>
public sealed record RequestEventRecord(
    Guid RequestId, int Version, RequestStatus? From, RequestStatus To, string? DeviceId, DateTimeOffset At, string By);
