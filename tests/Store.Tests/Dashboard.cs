using System.Text.Json;
using System.Text.RegularExpressions;
using ArtMqtt.TestKit;

namespace ArtMqtt.Store.Tests;

/// <summary>Grafana's dashboard in <c>compose/grafana</c>, and its queries as Grafana sends them.</summary>
internal static partial class Dashboard
{
    public static JsonDocument Read() => JsonDocument.Parse(File.ReadAllText(Path("dashboards/fleet.json")));

    public static string Path(string file) => System.IO.Path.Combine(Repository.Root, "compose", "grafana", file);

    public static IReadOnlyList<JsonElement> Panels(JsonDocument dashboard) =>
        [.. dashboard.RootElement.GetProperty("panels").EnumerateArray()];

    /// <summary>The query of a panel, its macros replaced as the PostgreSQL data source does (timescaledb: true).</summary>
    public static string Sql(JsonElement panel, DateTimeOffset from, DateTimeOffset to, params string[] devices)
    {
        var target = panel.GetProperty("targets").EnumerateArray().Single();
        var (begin, end) = ($"'{from:yyyy-MM-ddTHH:mm:ssZ}'", $"'{to:yyyy-MM-ddTHH:mm:ssZ}'");
        var sql = target.GetProperty("rawSql").GetString()!.Replace(
            "$device", string.Join(',', devices.Select(device => $"'{device}'")), StringComparison.Ordinal);
        sql = TimeFilter().Replace(sql, $"$1 BETWEEN {begin} AND {end}");
        sql = TimeGroup().Replace(
            sql, match => $"time_bucket('{int.Parse(match.Groups[2].ValueSpan) * 3_600}.000s',{match.Groups[1].Value})");
        return sql.Replace("$__timeFrom()", begin, StringComparison.Ordinal)
            .Replace("$__timeTo()", end, StringComparison.Ordinal);
    }

    /// <summary>Names of columns that a panel says something about.</summary>
    public static IEnumerable<string> Named(JsonElement panel)
    {
        foreach (var name in panel.GetProperty("fieldConfig").GetProperty("overrides").EnumerateArray())
        {
            yield return name.GetProperty("matcher").GetProperty("options").GetString()!;
        }

        if (panel.GetProperty("options").TryGetProperty("layers", out var layers))
        {
            foreach (var layer in layers.EnumerateArray())
            {
                var style = layer.GetProperty("config").GetProperty("style");
                yield return layer.GetProperty("location").GetProperty("latitude").GetString()!;
                yield return layer.GetProperty("location").GetProperty("longitude").GetString()!;
                yield return style.GetProperty("text").GetProperty("field").GetString()!;
            }
        }
    }

    [GeneratedRegex(@"\$__timeFilter\(([^)]+)\)")]
    private static partial Regex TimeFilter();

    [GeneratedRegex(@"\$__timeGroup\(([^,)]+), *'(\d+)h'\)")]
    private static partial Regex TimeGroup();
}
