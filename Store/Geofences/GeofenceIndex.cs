using System.Text.Json;
using NetTopologySuite.Geometries;
using NetTopologySuite.Index.Strtree;

namespace ArtMqtt.Store.Geofences;

/// <summary>All geofences, found by place: what is far away costs nothing.</summary>
internal sealed class GeofenceIndex
{
    private readonly Dictionary<string, STRtree<IndexedGeofence>> _trees = [];
    private readonly Dictionary<string, List<IndexedGeofence>> _byTenant = [];
    private readonly Dictionary<Guid, IndexedGeofence> _byId = [];

    public GeofenceIndex(IEnumerable<Geofence> geofences)
    {
        foreach (var geofence in geofences)
        {
            using var json = JsonDocument.Parse(geofence.Settings.Shape);
            // What an earlier version stored and this one cannot read is nowhere.
            if (GeofenceShape.Read(json.RootElement) is { } shape)
            {
                Add(new IndexedGeofence(geofence, shape));
            }
        }
    }

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => _byId.Count == 0;

    /// <summary>The geofence, or null.</summary>
    public IndexedGeofence? Find(Guid geofenceId) => _byId.GetValueOrDefault(geofenceId);

    /// <summary>Whether any geofence looks at the device.</summary>
    public bool Covers(string tenant, string deviceId) =>
        _byTenant.TryGetValue(tenant, out var all) && all.Exists(geofence => geofence.AppliesTo(deviceId));

    /// <summary>Since when one looks at the device; it must be covered.</summary>
    public DateTimeOffset CoveredSince(string tenant, string deviceId) =>
        _byTenant[tenant].Where(geofence => geofence.AppliesTo(deviceId)).Min(geofence => geofence.Geofence.UpdatedAt);

    /// <summary>The geofences a device is in at this place.</summary>
    public IEnumerable<IndexedGeofence> At(string tenant, string deviceId, double latitude, double longitude) =>
        !_trees.TryGetValue(tenant, out var tree) ? []
            : tree.Query(new Envelope(new Coordinate(longitude, latitude)))
                .Where(geofence => geofence.AppliesTo(deviceId) && geofence.Shape.Contains(latitude, longitude));

    private void Add(IndexedGeofence geofence)
    {
        var tenant = geofence.Geofence.Tenant;
        if (!_trees.TryGetValue(tenant, out var tree))
        {
            _trees[tenant] = tree = new STRtree<IndexedGeofence>();
            _byTenant[tenant] = [];
        }

        foreach (var box in geofence.Shape.Boxes)
        {
            tree.Insert(new Envelope(box.West, box.East, box.South, box.North), geofence);
        }

        _byTenant[tenant].Add(geofence);
        _byId[geofence.Geofence.GeofenceId] = geofence;
    }
}
