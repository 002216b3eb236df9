using System.Globalization;
using ArtMqtt.Store.Changes;

namespace ArtMqtt.WebGateway.Changes.Filters;

/// <summary>Values of columns, compared as the database would: numbers as numbers, times as times, text by code points.</summary>
internal static class ColumnValue
{
    /// <summary>Reads a value of that type; null when it is none.</summary>
    public static object? Parse(ColumnType type, string text) => type switch
    {
        ColumnType.Text => text,
        // Equal in order to the bytes, which is how PostgreSQL compares.
        ColumnType.Uuid => Guid.TryParse(text, out var id) ? id.ToString("D") : null,
        ColumnType.Whole => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : null,
        ColumnType.Real => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? real : null,
        ColumnType.Boolean => text.ToLowerInvariant() switch
        {
            "true" or "t" => true,
            "false" or "f" => false,
            _ => null,
        },
        _ => DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : null,
    };

    /// <summary>Compares two values of one type.</summary>
    public static int Compare(object left, object right) =>
        left is string text ? string.CompareOrdinal(text, (string)right) : ((IComparable)left).CompareTo(right);

    /// <summary>The only text a value of that type can have in a row; null when it has several.</summary>
    public static string? Spell(ColumnType type, object value) => type switch
    {
        ColumnType.Text or ColumnType.Uuid => (string)value,
        ColumnType.Whole => ((long)value).ToString(CultureInfo.InvariantCulture),
        ColumnType.Boolean => (bool)value ? "true" : "false",
        _ => null,
    };
}
