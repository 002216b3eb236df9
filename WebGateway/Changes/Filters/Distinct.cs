using ArtMqtt.Store.Changes;

namespace ArtMqtt.WebGateway.Changes.Filters;

/// <summary><c>isdistinct</c>: different from a value, null counting as a value like any other. Never unknown.</summary>
internal sealed class Distinct(int column, ColumnType type, object? operand) : Filter
{
    public override bool? Test(IReadOnlyList<string?> row) =>
        !Equals(row[column] is { } text ? ColumnValue.Parse(type, text) : null, operand);
}
