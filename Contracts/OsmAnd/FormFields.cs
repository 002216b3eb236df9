using System.Net;

namespace ArtMqtt.Contracts.OsmAnd;

/// <summary>Fields of a query or of an <c>application/x-www-form-urlencoded</c> body, in their order.</summary>
public static class FormFields
{
    /// <summary>Reads the fields; a part without <c>=</c> has the empty value.</summary>
    public static IEnumerable<(string Name, string Value)> Read(string text) => Parts(text).Select(Decode);

    /// <summary>The value of the first field of one of the names, or null.</summary>
    public static string? Find(string text, params ReadOnlySpan<string> names)
    {
        foreach (var (name, value) in Read(text))
        {
            if (names.Contains(name))
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>The text without the fields of these names: for secrets, which must not be kept.</summary>
    public static string Without(string text, params string[] names) =>
        string.Join('&', Parts(text).Where(part => !names.Contains(Decode(part).Name)));

    private static string[] Parts(string text) => text.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries);

    private static (string Name, string Value) Decode(string part)
    {
        var equals = part.IndexOf('=', StringComparison.Ordinal);
        return equals < 0
            ? (WebUtility.UrlDecode(part), "")
            : (WebUtility.UrlDecode(part[..equals]), WebUtility.UrlDecode(part[(equals + 1)..]));
    }
}
