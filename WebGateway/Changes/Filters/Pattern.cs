using System.Text;
using System.Text.RegularExpressions;

namespace ArtMqtt.WebGateway.Changes.Filters;

/// <summary>
/// A text column against a pattern: <c>like ilike match imatch</c>. Matched in linear time, without backtracking, so
/// that no pattern of a client can stop the others. Unknown when the column is null.
/// </summary>
internal sealed partial class Pattern : Filter
{
    // Counted repetitions are unrolled; a few of these would fill the memory.
    private const int MaxRepetitions = 100;

    private readonly int _column;
    private readonly Regex _regex;

    private Pattern(int column, Regex regex) => (_column, _regex) = (column, regex);

    /// <summary><c>%</c> is any text, <c>_</c> any character, a backslash takes the next one as it is.</summary>
    public static Pattern Like(int column, string pattern, bool ignoreCase)
    {
        var regex = new StringBuilder(@"\A");
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '\\' && i + 1 < pattern.Length)
            {
                regex.Append(Regex.Escape(pattern[++i].ToString()));
            }
            else
            {
                regex.Append(pattern[i] switch { '%' => ".*", '_' => ".", var other => Regex.Escape(other.ToString()) });
            }
        }

        return new Pattern(column, Create(regex.Append(@"\z").ToString(), ignoreCase, RegexOptions.Singleline));
    }

    /// <summary>A regular expression, found anywhere in the text.</summary>
    /// <exception cref="FilterException">It is none, or needs backtracking.</exception>
    public static Pattern Match(int column, string pattern, bool ignoreCase)
    {
        if (Repetition().Matches(pattern).Aggregate(1L, (product, m) => product * Times(m)) > MaxRepetitions)
        {
            throw new FilterException($"counted repetitions of a pattern may come to {MaxRepetitions} at most");
        }

        try
        {
            return new Pattern(column, Create(pattern, ignoreCase, RegexOptions.Singleline));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new FilterException("the pattern is not a regular expression without look-around and back references");
        }
    }

    public override bool? Test(IReadOnlyList<string?> row) => row[_column] is { } text ? _regex.IsMatch(text) : null;

    private static Regex Create(string pattern, bool ignoreCase, RegexOptions options) => new(
        pattern, options | RegexOptions.NonBacktracking | RegexOptions.CultureInvariant
            | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None));

    private static long Times(Match repetition) =>
        repetition.Groups[1].ValueSpan is { Length: <= 4 } digits ? Math.Max(1, long.Parse(digits)) : MaxRepetitions + 1L;

    // {n}, {n,} and {n,m}: the greatest number is the last one.
    [GeneratedRegex(@"\{(?:[0-9]+,)?([0-9]+),?\}")]
    private static partial Regex Repetition();
}
