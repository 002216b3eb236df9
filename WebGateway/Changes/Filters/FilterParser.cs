using ArtMqtt.Store.Changes;

namespace ArtMqtt.WebGateway.Changes.Filters;

/// <summary>
/// Reads filters: <c>column=[not.]operator.value</c>, several with commas between (AND), and <c>[not.]or(…)</c>,
/// <c>[not.]and(…)</c> around several.
/// </summary>
internal static class FilterParser
{
    private const int MaxDepth = 5;
    private const int MaxListValues = 100;
    private const string NotPrefix = "not.";

    /// <summary>The filter, or null when the text is blank.</summary>
    /// <exception cref="FilterException">It cannot be understood, or does not fit the table.</exception>
    public static Filter? Parse(string text, PublishedTable table) =>
        string.IsNullOrWhiteSpace(text) ? null : ParseAll(text, table, 0);

    private static Filter ParseAll(string text, PublishedTable table, int depth)
    {
        var parts = ParseList(text, table, depth);
        return parts.Count == 1 ? parts[0] : new AllOf(parts);
    }

    private static List<Filter> ParseList(string text, PublishedTable table, int depth) => depth > MaxDepth
        ? throw new FilterException($"parentheses may be nested {MaxDepth} deep")
        : FilterText.Split(text).ConvertAll(part => ParsePart(part.Trim(), table, depth));

    private static Filter ParsePart(string part, PublishedTable table, int depth)
    {
        if (part.Length == 0)
        {
            throw new FilterException("there is nothing between two commas");
        }

        var isNegated = part.StartsWith(NotPrefix, StringComparison.Ordinal);
        var group = isNegated ? part[NotPrefix.Length..] : part;
        Filter? filter = null;
        if (Inside(group, "or(") is { } any)
        {
            filter = new AnyOf(ParseList(any, table, depth + 1));
        }
        else if (Inside(group, "and(") is { } all)
        {
            filter = ParseAll(all, table, depth + 1);
        }

        return filter is null ? ParseCondition(part, table) : isNegated ? new Not(filter) : filter;
    }

    private static string? Inside(string text, string opening) =>
        text.StartsWith(opening, StringComparison.Ordinal) && text.EndsWith(')') ? text[opening.Length..^1] : null;

    private static Filter ParseCondition(string text, PublishedTable table)
    {
        if (text.Split('=', 2) is not [var name, var rest])
        {
            throw new FilterException($"'{text}' is not column=operator.value");
        }

        var index = table.IndexOf(name.Trim());
        if (index < 0)
        {
            throw new FilterException($"{table.Name} has no column '{name.Trim()}'");
        }

        var isNegated = rest.StartsWith(NotPrefix, StringComparison.Ordinal);
        if ((isNegated ? rest[NotPrefix.Length..] : rest).Split('.', 2) is not [var operation, var value])
        {
            throw new FilterException($"'{text}' is not column=operator.value");
        }

        var filter = ParseOperation(operation, value, index, table.Columns[index]);
        return isNegated ? new Not(filter) : filter;
    }

    private static Filter ParseOperation(string operation, string value, int index, PublishedColumn column)
    {
        switch (operation)
        {
            case "eq": return new OneOf(index, column.Type, [Scalar(value, column)]);
            case "neq": return new Not(new OneOf(index, column.Type, [Scalar(value, column)]));
            case "lt": return new Comparison(index, column.Type, order => order < 0, Scalar(value, column));
            case "lte": return new Comparison(index, column.Type, order => order <= 0, Scalar(value, column));
            case "gt": return new Comparison(index, column.Type, order => order > 0, Scalar(value, column));
            case "gte": return new Comparison(index, column.Type, order => order >= 0, Scalar(value, column));
            case "in": return ParseIn(value, index, column);
            case "is": return ParseIs(value, index, column);
            case "isdistinct": return new Distinct(index, column.Type, IsNull(value) ? null : Scalar(value, column));
            case "like": return Pattern.Like(index, Text(operation, value, column), ignoreCase: false);
            case "ilike": return Pattern.Like(index, Text(operation, value, column), ignoreCase: true);
            case "match": return Pattern.Match(index, Text(operation, value, column), ignoreCase: false);
            case "imatch": return Pattern.Match(index, Text(operation, value, column), ignoreCase: true);
            default: throw new FilterException($"there is no operator '{operation}'");
        }
    }

    private static OneOf ParseIn(string value, int index, PublishedColumn column)
    {
        if (Inside(value, "(") is not { } list || string.IsNullOrWhiteSpace(list))
        {
            throw new FilterException("`in` takes values in parentheses");
        }

        var items = FilterText.Split(list).ConvertAll(item => item.Trim());
        if (items.Count > MaxListValues)
        {
            throw new FilterException($"`in` takes {MaxListValues} values at most");
        }

        var values = items.Where(item => !IsNull(item)).Select(item => Scalar(item, column));
        return new OneOf(index, column.Type, values, items.Exists(IsNull));
    }

    private static Is ParseIs(string value, int index, PublishedColumn column) => value.ToLowerInvariant() switch
    {
        "null" => new Is(index, null),
        "unknown" when column.Type == ColumnType.Boolean => new Is(index, null),
        "true" or "false" when column.Type == ColumnType.Boolean => new Is(index, value.ToLowerInvariant()),
        _ => throw new FilterException($"`is` takes null, and true, false or unknown of a truth value; not '{value}'"),
    };

    private static bool IsNull(string value) => value.Equals("null", StringComparison.OrdinalIgnoreCase);

    private static object Scalar(string value, PublishedColumn column) =>
        ColumnValue.Parse(column.Type, FilterText.Unquote(value))
            ?? throw new FilterException($"'{value}' is not a value of {column.Name} ({column.TypeName})");

    private static string Text(string operation, string value, PublishedColumn column) => column.Type == ColumnType.Text
        ? FilterText.Unquote(value)
        : throw new FilterException($"`{operation}` needs a column of text; {column.Name} is {column.TypeName}");
}
