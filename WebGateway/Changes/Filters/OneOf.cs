using ArtMqtt.Store.Changes;

namespace ArtMqtt.WebGateway.Changes.Filters;

/// <summary>A column equal to one of some values: <c>eq</c> and <c>in</c>. Unknown when the column is null.</summary>
internal sealed class OneOf : Filter
{
    private readonly int _column;
    private readonly ColumnType _type;
    private readonly HashSet<object> _values;
    private readonly bool _hasNull;

    /// <param name="column">Place of the column.</param>
    /// <param name="type">Its type.</param>
    /// <param name="values">At least one.</param>
    /// <param name="hasNull">Whether null is among them: what is not in the list may then be, nobody knows.</param>
    public OneOf(int column, ColumnType type, IEnumerable<object> values, bool hasNull = false)
    {
        (_column, _type, _values, _hasNull) = (column, type, [.. values], hasNull);
        var spelled = _values.Select(value => ColumnValue.Spell(type, value)).ToList();
        Required = spelled.Contains(null) ? null : new RequiredValues(column, [.. spelled.OfType<string>()]);
    }

    public override RequiredValues? Required { get; }

    public override bool? Test(IReadOnlyList<string?> row)
    {
        if (row[_column] is not { } text || ColumnValue.Parse(_type, text) is not { } value)
        {
            return null;
        }

        return _values.Contains(value) ? true : _hasNull ? null : false;
    }
}
