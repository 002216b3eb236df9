using ArtMqtt.Store.Positions;

namespace ArtMqtt.Ingest;

/// <summary>
/// Positions of a batch that are written one slice after the other, and how far that is: what is stored is not written
/// again when a later slice has to wait. Not thread-safe.
/// </summary>
internal sealed class IngestLane
{
    private int _done;

    /// <summary>The positions.</summary>
    public PositionRows Rows { get; } = new();

    /// <summary>Those among what is done that the database refused.</summary>
    public List<RefusedRow> Refused { get; } = [];

    /// <summary>How many are not done.</summary>
    public int Left => Rows.Count - _done;

    /// <summary>The next ones.</summary>
    /// <param name="most">How many at most, from 1.</param>
    public PositionSlice Next(int most) => new(Rows, _done, Math.Min(most, Left));

    /// <summary>The next ones are stored.</summary>
    public void Stored(int count) => _done += count;

    /// <summary>The next one was refused for what it is.</summary>
    public void Refuse(string reason) => Refused.Add(new RefusedRow(Rows[_done++], reason));

    /// <summary>Empties it.</summary>
    public void Clear()
    {
        Rows.Truncate(0);
        Refused.Clear();
        _done = 0;
    }
}
