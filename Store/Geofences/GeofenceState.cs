namespace ArtMqtt.Store.Geofences;

/// <summary>On which side of a geofence a device is.</summary>
/// <param name="GeofenceId">The geofence.</param>
/// <param name="IsInside">As was told.</param>
/// <param name="Against">Positions in a row that say the opposite.</param>
/// <param name="CrossedAt">The first of them, or null.</param>
internal sealed record GeofenceState(
    Guid GeofenceId, bool IsInside = false, int Against = 0, TrackedPosition? CrossedAt = null)
{
    /// <summary>The same without doubt.</summary>
    public GeofenceState Settled() => this with { Against = 0, CrossedAt = null };
}

/// <summary>A position, as far as geofences look at it.</summary>
/// <param name="Latitude">Degrees north.</param>
/// <param name="Longitude">Degrees east.</param>
/// <param name="FixTime">The receiver's clock.</param>
/// <param name="Accuracy">Metres, or null.</param>
internal readonly record struct TrackedPosition(
    double Latitude, double Longitude, DateTimeOffset FixTime, float? Accuracy = null);

/// <summary>A device crossed the edge of a geofence.</summary>
/// <param name="Geofence">The geofence.</param>
/// <param name="IsEnter">Whether it went in.</param>
/// <param name="At">The first position on the other side.</param>
internal readonly record struct GeofenceCrossing(Geofence Geofence, bool IsEnter, TrackedPosition At);
