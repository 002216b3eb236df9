namespace ArtMqtt.Store.Routes;

/// <summary>Where a device is.</summary>
/// <param name="DeviceId">The device.</param>
/// <param name="Name">What people call it, or null.</param>
/// <param name="RequestId">The request it served with this position, or null.</param>
/// <param name="Point">Its newest position, by fix time.</param>
public sealed record LatestPosition(string DeviceId, string? Name, Guid? RequestId, RoutePoint Point);
