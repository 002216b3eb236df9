namespace ArtMqtt.Store.Positions;

/// <summary>Consecutive positions of sorted <see cref="PositionRows"/>.</summary>
/// <param name="Rows">The rows; not changed while the slice is in use.</param>
/// <param name="From">Index of the first.</param>
/// <param name="Count">How many.</param>
public readonly record struct PositionSlice(PositionRows Rows, int From, int Count)
{
    /// <summary>One of them.</summary>
    public ref readonly PositionRow this[int index] => ref Rows[From + index];

    /// <summary>The two halves; both have at least one position when there are two or more.</summary>
    public (PositionSlice First, PositionSlice Second) Halve() => (
        this with { Count = Count / 2 },
        this with { From = From + (Count / 2), Count = Count - (Count / 2) });
}
