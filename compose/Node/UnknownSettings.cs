using System.Collections;
using System.Reflection;

namespace ArtMqtt.Node;

/// <summary>
/// Finds settings that nothing reads. Most are misspelt, and whoever wrote one believes that it holds: a limit, a retention, a
/// certificate. Known is what the options of all roles have, whatever this node does: nodes may share one configuration.
/// </summary>
internal static class UnknownSettings
{
    // How many letters may differ from a setting, for it to be what was meant.
    private const int Typo = 3;

    // What is read without options. The others are ASP.NET Core's and are not looked at: Logging, AllowedHosts, and all that the
    // environment holds for other programs.
    private static readonly string[] _others =
    [
        "ConnectionStrings:Timescale", "ConnectionStrings:TimescaleDirect", "ConnectionStrings:Redis",
        "Secrets:Folder", "Secrets:OperationsTokenFile",
    ];

    /// <summary>Refuses the start when a setting of one of our sections does not exist.</summary>
    /// <exception cref="AggregateException">One <see cref="StartException"/> for each: which, and which was meant, perhaps.</exception>
    public static void Refuse(IConfiguration configuration)
    {
        var unknown = Find(configuration).ToList();
        if (unknown.Count > 0)
        {
            throw new AggregateException(unknown.Select(key => new StartException(Explain(key))));
        }
    }

    /// <summary>The keys that nothing reads, in the order of the alphabet.</summary>
    internal static IEnumerable<string> Find(IConfiguration configuration)
    {
        var known = Known();
        var sections = known.Keys.Select(key => key.Split(':')[0]).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return configuration.AsEnumerable()
            .Where(entry => entry.Value is not null && entry.Key.Contains(':', StringComparison.Ordinal) && !IsKnown(known, entry.Key))
            .Select(entry => entry.Key)
            .Where(key => sections.Contains(key.Split(':')[0]) || Meant(key, known) is not null)
            .Order(StringComparer.OrdinalIgnoreCase);
    }

    private static string Explain(string key) => Meant(key, Known()) is { } meant
        ? $"{key}: there is no such setting. {meant} is meant, perhaps."
        : $"{key}: there is no such setting. All of them: docs/operations.md.";

    // The setting that is spelt most like this one; of a list or a table, what it begins with.
    private static string? Meant(string key, Dictionary<string, bool> known)
    {
        for (var end = key.Length; end > 0; end = key.LastIndexOf(':', end - 1))
        {
            var nearest = known.Where(setting => end == key.Length || setting.Value)
                .Select(setting => (setting.Key, Distance: Distance(key[..end], setting.Key)))
                .MinBy(near => near.Distance);
            if (nearest.Distance <= Typo)
            {
                return nearest.Key + key[end..];
            }
        }

        return null;
    }

    // Keys, and whether others follow below them: lists and tables.
    private static Dictionary<string, bool> Known()
    {
        var known = _others.ToDictionary(key => key, _ => false, StringComparer.OrdinalIgnoreCase);
        foreach (var (section, type) in Sections())
        {
            Add(known, section, type);
        }

        return known;
    }

    private static void Add(Dictionary<string, bool> known, string path, Type type)
    {
        foreach (var property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            var isTable = property.PropertyType != typeof(string) && typeof(IEnumerable).IsAssignableFrom(property.PropertyType);
            if (property.CanWrite || isTable)
            {
                known.TryAdd($"{path}:{property.Name}", isTable);
            }
        }
    }

    private static IEnumerable<(string Section, Type Type)> Sections()
    {
        var own = typeof(UnknownSettings).Assembly;
        return own.GetReferencedAssemblies()
            .Where(name => name.Name!.StartsWith("ArtMqtt.", StringComparison.Ordinal))
            .Select(Assembly.Load).Append(own)
            .SelectMany(assembly => assembly.GetTypes())
            .Select(type => (type.GetField("Section", BindingFlags.Static | BindingFlags.Public)?.GetRawConstantValue() as string, type))
            .Where(one => one.Item1 is not null)!;
    }

    private static bool IsKnown(Dictionary<string, bool> known, string key)
    {
        if (known.ContainsKey(key))
        {
            return true;
        }

        for (var end = key.LastIndexOf(':'); end > 0; end = key.LastIndexOf(':', end - 1))
        {
            if (known.TryGetValue(key[..end], out var isTable) && isTable)
            {
                return true;
            }
        }

        return false;
    }

    // Levenshtein's, over letters of either case.
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var change = char.ToLowerInvariant(one[i - 1]) == char.ToLowerInvariant(other[j - 1]) ? diagonal : diagonal + 1;
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[other.Length];
    }
}
