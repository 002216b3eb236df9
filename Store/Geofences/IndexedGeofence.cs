namespace ArtMqtt.Store.Geofences;

/// <summary>A geofence that is looked at.</summary>
internal sealed class IndexedGeofence(Geofence geofence, GeofenceShape shape)
{
    private readonly HashSet<string>? _deviceIds = geofence.Settings.DeviceIds?.ToHashSet();

    public Geofence Geofence => geofence;

    public GeofenceShape Shape => shape;

    /// <summary>Whether it looks at a device of its tenant.</summary>
    public bool AppliesTo(string deviceId) =>
        deviceId.StartsWith(geofence.Settings.DevicePrefix, StringComparison.Ordinal)
        && _deviceIds?.Contains(deviceId) != false;
}
