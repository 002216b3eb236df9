using ArtMqtt.Store.Changes;

namespace ArtMqtt.WebGateway.Changes.Filters;

/// <summary>A column against one value: <c>eq neq lt lte gt gte</c>. Unknown when the column is null.</summary>
internal sealed class Comparison(int column, ColumnType type, Func<int, bool> fits, object operand) : Filter
{
    public override bool? Test(IReadOnlyList<string?> row) =>
        row[column] is { } text && ColumnValue.Parse(type, text) is { } value
            ? fits(ColumnValue.Compare(value, operand))
            : null;
}
