namespace ArtMqtt.Store.Fleet;

/// <summary>A device that may be sent somewhere.</summary>
/// <param name="DeviceId">Its id.</param>
/// <param name="Name">What people call it, or null.</param>
/// <param name="Lat">Degrees north of its newest position.</param>
/// <param name="Lng">Degrees east of its newest position.</param>
/// <param name="FixTime">When it was there, UTC.</param>
/// <param name="RequestId">The running request it is assigned to, or null.</param>
public sealed record NearbyDevice(
    string DeviceId, string? Name, double Lat, double Lng, DateTimeOffset FixTime, Guid? RequestId);
