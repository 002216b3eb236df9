namespace ArtMqtt.Store.Geofences;

/// <summary>
/// Follows one device through geofences: says what it crossed, once enough positions agree. The crossing is where the first
/// of these was. No I/O; not thread-safe.
/// </summary>
internal sealed class GeofenceTracker(
    string tenant, string deviceId, GeofenceIndex index, GeofenceRules rules, IEnumerable<GeofenceState> states)
{
    private readonly Dictionary<Guid, GeofenceState> _states = states.ToDictionary(state => state.GeofenceId);

    /// <summary>Where it is, or may be.</summary>
    public IReadOnlyCollection<GeofenceState> States => _states.Values;

    /// <summary>Whether that is another than at the beginning.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>Looks at the next position, and returns what is sure now.</summary>
    public IReadOnlyList<GeofenceCrossing> Observe(in TrackedPosition position)
    {
        if (position.Accuracy > rules.MaxAccuracy)
        {
            return [];
        }

        var crossings = new List<GeofenceCrossing>();
        var here = index.At(tenant, deviceId, position.Latitude, position.Longitude)
            .DistinctBy(geofence => geofence.Geofence.GeofenceId)
            .ToDictionary(geofence => geofence.Geofence.GeofenceId);
        foreach (var state in _states.Values.ToList())
        {
            if (here.Remove(state.GeofenceId, out var geofence))
            {
                Agree(state, geofence, isInside: true, position, crossings);
            }
            else
            {
                Leave(state, position, crossings);
            }
        }

        foreach (var (id, geofence) in here)
        {
            Agree(new GeofenceState(id), geofence, isInside: true, position, crossings);
        }

        return crossings;
    }

    private void Leave(GeofenceState state, in TrackedPosition position, List<GeofenceCrossing> crossings)
    {
        if (index.Find(state.GeofenceId) is not { } geofence || !geofence.AppliesTo(deviceId))
        {
            // Nobody asks any more.
            Set(state, null);
        }
        else if (!state.IsInside
            || geofence.Shape.Distance(position.Latitude, position.Longitude) > Math.Max(rules.Margin, position.Accuracy ?? 0))
        {
            Agree(state, geofence, isInside: false, position, crossings);
        }
    }

    // A position says on which side the device is.
    private void Agree(
        GeofenceState state, IndexedGeofence geofence, bool isInside, in TrackedPosition position,
        List<GeofenceCrossing> crossings)
    {
        if (state.IsInside == isInside)
        {
            Set(state, isInside ? state.Settled() : null);
            return;
        }

        var next = state.Against == 0
            ? state with { Against = 1, CrossedAt = position }
            : state with { Against = state.Against + 1 };
        if (next.Against < rules.Confirmations)
        {
            Set(state, next);
            return;
        }

        crossings.Add(new GeofenceCrossing(geofence.Geofence, isInside, next.CrossedAt!.Value));
        Set(state, isInside ? next.Settled() with { IsInside = true } : null);
    }

    // Null: it is outside, and nothing says otherwise.
    private void Set(GeofenceState state, GeofenceState? next)
    {
        IsChanged |= next != state;
        if (next is null)
        {
            _states.Remove(state.GeofenceId);
        }
        else
        {
            _states[state.GeofenceId] = next;
        }
    }
}
