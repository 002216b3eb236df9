using System.Globalization;
using System.Text.Json;

namespace ArtMqtt.Node.Commands;

/// <summary>Prints which tokens there are: a line for each, or the JSON as it came.</summary>
internal static class TokenOutput
{
    private static readonly string[] _whose = ["subject", "deviceId", "requestId", "tenant"];
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    public static void Write(IReadOnlyList<JsonElement> tokens, bool asJson, TextWriter output)
    {
        if (asJson)
        {
            output.WriteLine(JsonSerializer.Serialize(tokens, _indented));
            return;
        }

        var width = tokens.Select(token => Text(token, "tokenId").Length).Append(0).Max();
        foreach (var token in tokens)
        {
            var until = token.GetProperty("expiresAt").GetDateTimeOffset().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
            output.WriteLine(string.Join("  ",
                Text(token, "tokenId").PadRight(width), Text(token, "state").PadRight(7), until, Text(token, "role").PadRight(10),
                string.Join(' ', _whose.Select(name => Text(token, name)).Where(text => text.Length > 0))).TrimEnd());
        }
    }

    private static string Text(JsonElement token, string name) => token.GetProperty(name).GetString() ?? "";
}
