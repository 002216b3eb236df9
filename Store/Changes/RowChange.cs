namespace ArtMqtt.Store.Changes;

/// <summary>What happened to a row.</summary>
public enum RowChangeKind
{
    /// <summary>It is new.</summary>
    Insert,

    /// <summary>It is different.</summary>
    Update,

    /// <summary>It is gone.</summary>
    Delete,
}

/// <summary>One change of one row, decoded once and shared by all who are told.</summary>
/// <param name="Table">Where.</param>
/// <param name="Kind">What.</param>
/// <param name="New">The row's values in the order of the table's columns, as <see cref="ColumnType"/> says; null when it is gone.</param>
/// <param name="Old">The same from before; null when it is new.</param>
/// <param name="CommittedAt">When the transaction was committed, UTC, the database's clock.</param>
public sealed record RowChange(
    PublishedTable Table, RowChangeKind Kind, IReadOnlyList<string?>? New, IReadOnlyList<string?>? Old,
    DateTimeOffset CommittedAt)
{
    /// <summary>The row as it is, or as it was last.</summary>
    public IReadOnlyList<string?> Row => New ?? Old!;
}
