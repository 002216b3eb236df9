using ArtMqtt.Store.Changes;

namespace ArtMqtt.WebGateway.Changes;

/// <summary>The columns a subscription asked for; those that tell rows apart are always with them.</summary>
internal sealed class ColumnSelection
{
    private ColumnSelection(IReadOnlyList<int> indexes) => (Indexes, Name) = (indexes, string.Join(',', indexes));

    /// <summary>Places in the table, in its order.</summary>
    public IReadOnlyList<int> Indexes { get; }

    /// <summary>The same for the same columns of a table.</summary>
    public string Name { get; }

    /// <summary>The selection, or null when one of the columns does not exist.</summary>
    public static ColumnSelection? TryCreate(PublishedTable table, IReadOnlyList<string> names) =>
        names.All(name => table.IndexOf(name) >= 0)
            ? new ColumnSelection([.. table.Columns.Index().Where(c => c.Item.IsKey || names.Contains(c.Item.Name)).Select(c => c.Index)])
            : null;
}
