using System.Globalization;
using System.Text;
using ArtMqtt.Load.Summary;

namespace ArtMqtt.Load.Live;

/// <summary>The comparison as a page to read.</summary>
internal static class LivePage
{
    public static string Write(LiveComparison comparison)
    {
        var page = new StringBuilder("# Watchers\n\n");
        page.Append($"Written by `bench/live/run` on {comparison.TakenOn:yyyy-MM-dd}. Server on one core, generator on the other; medians of all rounds. ");
        page.Append("What each figure means: [README](../README.md).\n");
        foreach (var shape in comparison.Rounds.GroupBy(result => result.Shape))
        {
            Shape(page, LiveShape.Parse(shape.Key), [.. shape]);
        }

        page.Append("\n## Coming back\n\n");
        page.Append("| events behind | join, p50 | p99 | poll, p50 | at once | the last of them |\n| ---: | ---: | ---: | ---: | ---: | ---: |\n");
        foreach (var runs in comparison.Resumes.GroupBy(resume => resume.Behind).OrderBy(runs => runs.Key))
        {
            page.Append(Text(runs.Key, "N0")).Append(Text(runs, r => r.Join.P50, "F0", " ms")).Append(Text(runs, r => r.Join.P99, "F0", " ms"))
                .Append(Text(runs, r => r.Poll.P50, "F0", " ms")).Append(Text(runs.First().AtOnce, "N0"))
                .Append(Text(runs, r => r.JoinAtOnce.Max, "F0", " ms")).Append("|\n");
        }

        page.Append("\n| machine | |\n| --- | --- |\n");
        foreach (var (name, value) in comparison.Machine)
        {
            page.Append($"| {name} | {value} |\n");
        }

        return page.ToString();
    }

    private static void Shape(StringBuilder page, LiveShape shape, IReadOnlyList<LiveResult> results)
    {
        page.Append(CultureInfo.InvariantCulture, $"\n## {shape.Requests:N0} × {shape.Watchers:N0} watchers, {shape.PerSecond} positions/s each: ");
        page.Append(CultureInfo.InvariantCulture, $"{shape.Offered:N0} deliveries/s\n\n");
        page.Append("| | delivered/s | missing | p50 | p99 | server, µs per delivery | server, cores | bytes | KiB per connection | connects/s | generator, cores |\n");
        page.Append("| --- |").Insert(page.Length, " ---: |", 10).Append('\n');
        foreach (var runs in results.GroupBy(result => result.Name))
        {
            page.Append($"| {runs.Key} ").Append(Text(runs, r => r.DeliveredPerSecond, "N0")).Append(Text(runs, r => r.Missing, "N0"))
                .Append(Text(runs, r => r.Latency.P50, "F1", " ms")).Append(Text(runs, r => r.Latency.P99, "F1", " ms"))
                .Append(Text(runs, r => r.ServerMicroseconds, "F1")).Append(Text(runs, r => r.ServerCores, "F2"))
                .Append(Text(runs, r => r.BytesPerDelivery, "F0")).Append(Text(runs, r => r.ConnectionKilobytes, "F1"))
                .Append(Text(runs, r => r.ConnectsPerSecond, "N0")).Append(Text(runs, r => r.GeneratorCores, "F2")).Append("|\n");
        }
    }

    private static string Text<T>(IEnumerable<T> runs, Func<T, double> value, string format, string unit = "") =>
        Text(Spread.Of(runs.Select(value)).Median, format, unit);

    private static string Text(double value, string format, string unit = "") =>
        $"| {value.ToString(format, CultureInfo.InvariantCulture)}{unit} ";
}
