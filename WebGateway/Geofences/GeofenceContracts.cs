using System.Text.Json;
using ArtMqtt.Store.Geofences;

namespace ArtMqtt.WebGateway.Geofences;

/// <summary>An area whose crossing is told to webhooks.</summary>
/// <param name="Name">For people; 1 to 200 characters.</param>
/// <param name="Shape">
/// A GeoJSON geometry: <c>Polygon</c> or <c>MultiPolygon</c> of at most 1,000 places, or <c>Point</c> with the member
/// <c>radius</c>, 10 to 100,000 metres.
/// </param>
/// <param name="DevicePrefix">Only devices whose ids begin like this; left out: all.</param>
/// <param name="DeviceIds">Only these devices, at most 1,000; left out: all.</param>
internal sealed record GeofenceBody(
    string Name, JsonElement Shape, string? DevicePrefix = null, IReadOnlyList<string>? DeviceIds = null);

/// <summary>A geofence as it is shown.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Shape">A GeoJSON geometry.</param>
/// <param name="DevicePrefix">Only devices whose ids begin like this; empty: all.</param>
/// <param name="DeviceIds">Only these devices; null: all.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="UpdatedAt">UTC.</param>
/// <param name="Version">Counts its changes.</param>
internal sealed record GeofenceView(
    Guid Id, string Name, JsonElement Shape, string DevicePrefix, IReadOnlyList<string>? DeviceIds,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, int Version)
{
    public static GeofenceView Of(Geofence geofence) => new(
        geofence.GeofenceId, geofence.Settings.Name, JsonElement.Parse(geofence.Settings.Shape),
        geofence.Settings.DevicePrefix, geofence.Settings.DeviceIds, geofence.CreatedAt, geofence.UpdatedAt,
        geofence.Version);
}

/// <summary>A page of geofences, by id.</summary>
/// <param name="Items">The geofences.</param>
/// <param name="Next">Give it back as <c>after</c> for the next page; null on the last.</param>
internal sealed record GeofencePage(IReadOnlyList<GeofenceView> Items, Guid? Next);
