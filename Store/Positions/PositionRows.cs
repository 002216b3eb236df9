using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Store.Positions;

/// <summary>
/// Positions that are written together, sorted by device and time: neighbours in the index then lie beside each other,
/// which is faster to write and to read. Keeps its memory when it is emptied. Not thread-safe.
/// </summary>
public sealed class PositionRows
{
    private PositionRow[] _rows = new PositionRow[64];
    private Key[] _order = new Key[64];
    private int _added;

    /// <summary>Positions in it; after <see cref="Sort"/> without those that were there twice.</summary>
    public int Count { get; private set; }

    /// <summary>The positions; in order after <see cref="Sort"/>.</summary>
    public ref readonly PositionRow this[int index] => ref _rows[_order[index].Row];

    /// <summary>All of them.</summary>
    public PositionSlice All => new(this, 0, Count);

    /// <summary>The positions of some publishes, sorted; for few of them.</summary>
    /// <param name="published">The publishes.</param>
    /// <param name="isSuspect">Whether those with an impossible clock are wanted, or the others.</param>
    public static PositionRows Of(IEnumerable<ReceivedPositions> published, bool isSuspect = false)
    {
        var rows = new PositionRows();
        foreach (var publish in published)
        {
            var source = new PositionSource(publish.DeviceKey, publish.Role, publish.RequestId, publish.ReceivedAt);
            foreach (var item in publish.Positions.Where(item => item.IsClockSuspect == isSuspect))
            {
                rows.Add(source, item.Position, tag: 0);
            }
        }

        rows.Sort();
        return rows;
    }

    /// <summary>Adds a position at the end.</summary>
    public void Add(in PositionSource source, in Position position, int tag)
    {
        if (_added == _rows.Length)
        {
            Array.Resize(ref _rows, _added * 2);
            Array.Resize(ref _order, _added * 2);
        }

        _rows[_added] = new PositionRow(source, position, tag);
        _order[Count++] = new Key(source.DeviceKey, position.FixTime.UtcTicks, _added++);
    }

    /// <summary>Takes the last positions out again.</summary>
    /// <param name="count">How many remain.</param>
    public void Truncate(int count) => (Count, _added) = (count, count);

    /// <summary>
    /// Sorts by device and fix time. Of several positions of a device at one moment the one that was added first stays.
    /// </summary>
    /// <returns>How many are left out for that.</returns>
    public int Sort()
    {
        _order.AsSpan(0, Count).Sort();
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            if (kept == 0 || !_order[i].IsSameMoment(_order[kept - 1]))
            {
                _order[kept++] = _order[i];
            }
        }

        var doubles = Count - kept;
        Count = kept;
        return doubles;
    }

    private readonly record struct Key(int Device, long FixTicks, int Row) : IComparable<Key>
    {
        public int CompareTo(Key other)
        {
            var order = Device.CompareTo(other.Device);
            order = order != 0 ? order : FixTicks.CompareTo(other.FixTicks);
            return order != 0 ? order : Row.CompareTo(other.Row);
        }

        // The database counts microseconds.
        public bool IsSameMoment(in Key other) =>
            Device == other.Device
            && FixTicks / TimeSpan.TicksPerMicrosecond == other.FixTicks / TimeSpan.TicksPerMicrosecond;
    }
}
