namespace ArtMqtt.Store.Speeds;

/// <summary>Adds up legs by cell, for one device and hour.</summary>
public sealed class CellSums
{
    private readonly Dictionary<int, PaceSum> _cells = [];
    private int _cell;
    private double _distance;
    private double _seconds;

    /// <summary>Adds the next leg; legs of one cell that follow each other are one traversal.</summary>
    public void Add(in Leg leg)
    {
        if (!leg.Follows || leg.Cell != _cell)
        {
            EndTraversal();
            _cell = leg.Cell;
        }

        _distance += leg.Distance;
        _seconds += leg.Seconds;
    }

    /// <summary>The sums, rounded as they are stored, so that what is taken away again is what was added.</summary>
    public IReadOnlyDictionary<int, PaceSum> Finish()
    {
        EndTraversal();
        return _cells.ToDictionary(cell => cell.Key, cell => new PaceSum(
            cell.Value.Traversals, (float)cell.Value.Distance, (float)cell.Value.Seconds, (float)cell.Value.Square));
    }

    private void EndTraversal()
    {
        if (_distance > 0)
        {
            var traversal = new PaceSum(1, _distance, _seconds, _seconds * _seconds / _distance);
            _cells[_cell] = _cells.GetValueOrDefault(_cell) + traversal;
        }

        (_distance, _seconds) = (0, 0);
    }
}
