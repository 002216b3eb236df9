namespace ArtMqtt.Store.Devices;

/// <summary>A device as people see it, without its secret.</summary>
/// <param name="Key">Integer key of its positions, above 0.</param>
/// <param name="DeviceId">Stable id, unique.</param>
/// <param name="Name">What people call it, or null.</param>
/// <param name="IsEnabled">Whether it may connect.</param>
/// <param name="CreatedAt">UTC.</param>
public sealed record DeviceRecord(int Key, string DeviceId, string? Name, bool IsEnabled, DateTimeOffset CreatedAt);
