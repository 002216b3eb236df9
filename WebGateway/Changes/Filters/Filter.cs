namespace ArtMqtt.WebGateway.Changes.Filters;

/// <summary>A condition on a row, with the three answers of SQL: null is "unknown", which does not match.</summary>
internal abstract class Filter
{
    /// <summary>Whether the row, as in <see cref="Store.Changes.RowChange"/>, fulfils it.</summary>
    public abstract bool? Test(IReadOnlyList<string?> row);

    /// <summary>What must be equal for it to be fulfilled at all; null when that is not known, or not one value.</summary>
    public virtual RequiredValues? Required => null;
}

/// <summary>A column that must have one of some values, in the form of <see cref="Store.Changes.ColumnType"/>.</summary>
/// <param name="Column">Place of the column in its table.</param>
/// <param name="Values">The values, each once.</param>
internal sealed record RequiredValues(int Column, IReadOnlyList<string> Values);
