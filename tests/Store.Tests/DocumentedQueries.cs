using System.Text.RegularExpressions;
using ArtMqtt.TestKit;

namespace ArtMqtt.Store.Tests;

/// <summary>The SQL of docs/history.md.</summary>
internal static partial class DocumentedQueries
{
    public static IReadOnlyList<string> Read() =>
        [.. Block().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "history.md")))
            .SelectMany(block => block.Groups[1].Value.Split(";\n", StringSplitOptions.RemoveEmptyEntries))];

    [GeneratedRegex("```sql\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
