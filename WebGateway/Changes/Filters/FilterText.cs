using System.Text;

namespace ArtMqtt.WebGateway.Changes.Filters;

/// <summary>The outer form of filters: commas, parentheses, quotes.</summary>
internal static class FilterText
{
    /// <summary>Parts between the commas that are in no parentheses and no quotes.</summary>
    public static List<string> Split(string text)
    {
        var parts = new List<string>();
        var (depth, start, isQuoted) = (0, 0, false);
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\' when isQuoted:
                    i++;
                    break;
                // Only where a value begins: elsewhere it is part of one.
                case '"' when isQuoted || (i > 0 && text[i - 1] is '.' or '(' or ',') || i == 0:
                    isQuoted = !isQuoted;
                    break;
                case '(' when !isQuoted:
                    depth++;
                    break;
                case ')' when !isQuoted:
                    depth--;
                    break;
                case ',' when depth == 0 && !isQuoted:
                    parts.Add(text[start..i]);
                    start = i + 1;
                    break;
            }

            if (depth < 0)
            {
                break;
            }
        }

        if (isQuoted || depth != 0)
        {
            throw new FilterException("quotes or parentheses do not match");
        }

        parts.Add(text[start..]);
        return parts;
    }

    /// <summary>The value without its quotes, if it has some.</summary>
    public static string Unquote(string value)
    {
        var isQuoted = value.Length >= 2 && value[0] == '"' && value[^1] == '"';
        if (!isQuoted)
        {
            return value;
        }

        var text = new StringBuilder();
        for (var i = 1; i < value.Length - 1; i++)
        {
            i += value[i] == '\\' && i + 1 < value.Length - 1 ? 1 : 0;
            text.Append(value[i]);
        }

        return text.ToString();
    }
}
