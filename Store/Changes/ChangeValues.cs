using System.Globalization;

namespace ArtMqtt.Store.Changes;

/// <summary>PostgreSQL's text of a value, as <see cref="ColumnType"/> says it is written.</summary>
internal static class ChangeValues
{
    // ISO date style in UTC: 2026-01-02 03:04:05.678+00; years after 9999 and infinity are as they are.
    private const string UtcSuffix = "+00";

    /// <summary>The value in its published form.</summary>
    public static string Format(ColumnType type, string text) => type switch
    {
        ColumnType.Boolean => text == "t" ? "true" : "false",
        ColumnType.Timestamp when text.EndsWith(UtcSuffix, StringComparison.Ordinal) =>
            string.Create(CultureInfo.InvariantCulture, $"{text[..^UtcSuffix.Length].Replace(' ', 'T')}+00:00"),
        _ => text,
    };
}
