using ArtMqtt.Contracts.Security;

namespace ArtMqtt.Store.Positions;

/// <summary>Which dead letters.</summary>
/// <param name="Scope">Those of whom.</param>
/// <param name="Code">Those with this reason; null for any.</param>
/// <param name="DeviceId">Those of this device; null for any.</param>
public sealed record DeadLetterFilter(TenantScope Scope, string? Code = null, string? DeviceId = null);
