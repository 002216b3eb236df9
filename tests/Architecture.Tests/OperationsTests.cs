using System.Text.RegularExpressions;

namespace ArtMqtt.Architecture.Tests;

/// <summary>docs/operations.md tells operators the truth.</summary>
public sealed partial class OperationsTests
{
    private static readonly string _text = SourceTree.Text("docs/operations.md");
    private static readonly string[] _askers = ["compose/grafana/dashboards/pipeline.json", "compose/prometheus/alarms.yml"];

    [Fact]
    public void Every_setting_is_described()
    {
        var settings = SourceTree.Files("*Options.cs")
            .Where(path => !path.StartsWith("tests/", StringComparison.Ordinal))
            .Select(SourceTree.Text)
            .Where(source => Section().IsMatch(source))
            .SelectMany(source => Property().Matches(source)
                .Select(p => $"{Section().Match(source).Groups[1].Value}:{p.Groups[1].Value}"))
            .ToList();

        var missing = settings.Where(key => !_text.Contains($"`{key}`", StringComparison.Ordinal)
            && !_text.Contains($"`{key}:0`", StringComparison.Ordinal)).ToList();
        Assert.True(settings.Count > 40);
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_metric_that_is_named_exists()
    {
        var sources = SourceTree.Files("*Metrics.cs").Select(SourceTree.Text).ToList();
        var named = Metric().Matches(_text).Select(m => m.Value).Distinct().ToList();

        var unknown = named
            .Where(name => !sources.Any(s => s.Contains($"\"{name}\"", StringComparison.Ordinal))).ToList();
        Assert.True(named.Count > 5);
        Assert.Empty(unknown);
    }

    [Fact]
    public void Every_metric_that_dashboards_and_alarms_ask_for_exists()
    {
        var instruments = SourceTree.Files("*Metrics.cs").Select(SourceTree.Text)
            .SelectMany(source => Instrument().Matches(source))
            .Select(m => NameOf(m.Groups[2].Value.Replace('.', '_'), m.Groups[3].Value, m.Groups[1].Value))
            .ToHashSet();
        var asked = _askers
            .SelectMany(path => Series().Matches(SourceTree.Text(path)).Select(m => m.Value))
            .Select(name => name.EndsWith("_bucket", StringComparison.Ordinal) ? name[..^"_bucket".Length] : name)
            .Distinct().ToList();

        Assert.True(asked.Count > 20);
        Assert.Empty(asked.Except(instruments));

        static string NameOf(string name, string unit, string kind)
        {
            var suffix = unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
            return (name.EndsWith(suffix, StringComparison.Ordinal) ? name : name + suffix) + (kind == "Counter" ? "_total" : "");
        }
    }

    [Fact]
    public void Links_in_the_documents_lead_somewhere()
    {
        var broken = Directory.EnumerateFiles(TestKit.Repository.Root, "*.md").Select(Path.GetFileName).OfType<string>()
            .Concat(SourceTree.Files("*.md"))
            .SelectMany(path => Link().Matches(SourceTree.Text(path))
                .Select(link => (path, target: link.Groups[1].Value)))
            .Where(l => !l.target.Contains("://", StringComparison.Ordinal))
            .Where(l => !Path.Exists(Path.Combine(
                TestKit.Repository.Root, Path.GetDirectoryName(l.path) ?? "", l.target.Split('#')[0])));

        Assert.Empty(broken);
    }

    [GeneratedRegex("const string Section = \"([^\"]+)\"")]
    private static partial Regex Section();

    [GeneratedRegex(@"^    public [^=(\n]*?(\w+) \{ get; (?:set|init); \}", RegexOptions.Multiline)]
    private static partial Regex Property();

    // As the exporter names them: https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/
    [GeneratedRegex("""Create(\w+?)(?:<\w+>)?\(\s*"(artmqtt[a-z._]+)",[^"]*"([^"]+)["]""")]
    private static partial Regex Instrument();

    [GeneratedRegex("artmqtt_[a-z_]+")]
    private static partial Regex Series();

    [GeneratedRegex(@"artmqtt\.[a-z_]+(\.[a-z_]+)+")]
    private static partial Regex Metric();

    [GeneratedRegex(@"\]\(([^)#\s][^)\s]*)\)")]
    private static partial Regex Link();
}
