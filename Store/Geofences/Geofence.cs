namespace ArtMqtt.Store.Geofences;

/// <summary>What a caller says about a geofence.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Shape">GeoJSON that <see cref="GeofenceShape.Read"/> takes.</param>
/// <param name="DevicePrefix">Only devices whose ids begin like this; empty: all.</param>
/// <param name="DeviceIds">Only these devices; null: all.</param>
public sealed record GeofenceSettings(
    string Name, string Shape, string DevicePrefix, IReadOnlyList<string>? DeviceIds);

/// <summary>A geofence as stored.</summary>
/// <param name="GeofenceId">Its id.</param>
/// <param name="Tenant">Whose it is; empty where there are no tenants.</param>
/// <param name="Settings">What the caller said.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="UpdatedAt">UTC.</param>
/// <param name="Version">1 when made, one more with each change.</param>
public sealed record Geofence(
    Guid GeofenceId, string Tenant, GeofenceSettings Settings, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
    int Version);

/// <summary>The geofence after a change, or as it is because the caller knew another version; both null: there is none.</summary>
/// <param name="Changed">After the change.</param>
/// <param name="Current">As it is.</param>
public sealed record GeofenceChangeResult(Geofence? Changed, Geofence? Current);
