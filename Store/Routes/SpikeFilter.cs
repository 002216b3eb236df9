namespace ArtMqtt.Store.Routes;

/// <summary>
/// Leaves out a lone position far from both of its neighbours while these are close to each other: the receiver erred.
/// Holds one position back.
/// </summary>
/// <param name="radius">Metres that are far.</param>
/// <param name="maxGap">Neighbours further apart in time say nothing.</param>
internal sealed class SpikeFilter(double radius, TimeSpan maxGap)
{
    private Waypoint? _before, _held;

    /// <summary>Takes the next position; returns the one before it, or null when there is none or it is a spike.</summary>
    public Waypoint? Next(in Waypoint next)
    {
        var isSpike = _before is { } before && _held is { } held
            && next.Time - before.Time <= maxGap
            && !held.IsWithin(radius, before.Place) && !held.IsWithin(radius, next.Place)
            && next.IsWithin(radius, before.Place);
        var passed = isSpike ? null : _held;
        _before = passed ?? _before;
        _held = next;
        return passed;
    }

    public void Save(BinaryWriter writer)
    {
        writer.WriteWaypoint(_before);
        writer.WriteWaypoint(_held);
    }

    public void Load(BinaryReader reader) => (_before, _held) = (reader.ReadWaypoint(), reader.ReadWaypoint());

    /// <summary>The position still held, or null.</summary>
    public Waypoint? Flush()
    {
        var held = _held;
        (_before, _held) = (null, null);
        return held;
    }
}
