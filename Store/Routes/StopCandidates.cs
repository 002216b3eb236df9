namespace ArtMqtt.Store.Routes;

/// <summary>
/// The newest positions that may become a stop: all of them within the radius of the first. Bounded: positions
/// closer in time than a 256th of the least stop are looked at, but not kept.
/// </summary>
internal sealed class StopCandidates(double radius, TimeSpan minDuration)
{
    private readonly TimeSpan _spacing = minDuration / 256;
    private readonly List<Waypoint> _waypoints = [];

    public IReadOnlyList<Waypoint> Waypoints => _waypoints;

    /// <summary>Adds a position, and says whether those from the first one on have become a stop.</summary>
    public bool Add(in Waypoint waypoint)
    {
        var first = 0;
        while (first < _waypoints.Count && !IsAnchor(first, waypoint))
        {
            first++;
        }

        _waypoints.RemoveRange(0, first);
        if (_waypoints.Count == 0 || waypoint.Time - _waypoints[^1].Time >= _spacing)
        {
            _waypoints.Add(waypoint);
        }

        return waypoint.Time - _waypoints[0].Time >= minDuration;
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write((ushort)_waypoints.Count);
        _waypoints.ForEach(waypoint => writer.WriteWaypoint(waypoint));
    }

    public void Load(BinaryReader reader)
    {
        for (var count = reader.ReadUInt16(); count > 0; count--)
        {
            _waypoints.Add(reader.ReadWaypoint()!.Value);
        }
    }

    public void Clear() => _waypoints.Clear();

    /// <summary>The median of the places, each axis for itself: an approach and a spike do not move it.</summary>
    public Geocentric Median() => new(Median(p => p.X), Median(p => p.Y), Median(p => p.Z));

    // The first is one at all times, so it costs one comparison; those after it are looked at when it gave way.
    private bool IsAnchor(int index, in Waypoint newest)
    {
        var place = _waypoints[index].Place;
        if (!newest.IsWithin(radius, place))
        {
            return false;
        }

        for (var i = index + 1; index > 0 && i < _waypoints.Count; i++)
        {
            if (!_waypoints[i].IsWithin(radius, place))
            {
                return false;
            }
        }

        return true;
    }

    private double Median(Func<Geocentric, double> axis) =>
        _waypoints.Select(w => axis(w.Place)).Order().ElementAt(_waypoints.Count / 2);
}
