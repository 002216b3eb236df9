using System.Globalization;
using System.Text;

namespace ArtMqtt.Load.Brokers;

/// <summary>The comparison of brokers as a page to read.</summary>
internal static class BrokerPage
{
    public static string Write(BrokerComparison comparison)
    {
        var names = comparison.Names;
        var rounds = comparison.Rounds.Count / names.Count;
        var page = new StringBuilder("# Brokers beside each other\n\n");
        page.Append($"Written by `bench/brokers` on {comparison.TakenOn:yyyy-MM-dd}: {rounds} alternating rounds on one machine, MQTT 3.1.1, ");
        page.Append($"payloads of {BrokerClient.PayloadBytes} bytes. Medians (lowest to highest). What each figure means: [README](../README.md).\n\n");
        page.Append($"| | {string.Join(" | ", names)} |\n| --- |{string.Concat(names.Select(_ => " ---: |"))}\n");
        foreach (var row in comparison.Rows())
        {
            page.Append($"| {row.Label} | {string.Join(" | ", names.Select(name => Cell(comparison, row, name)))} |\n");
        }

        page.Append("\n| machine | |\n| --- | --- |\n");
        foreach (var (name, value) in comparison.Machine)
        {
            page.Append($"| {name} | {value} |\n");
        }

        return page.ToString();
    }

    private static string Cell(BrokerComparison comparison, BrokerRow row, string name)
    {
        string Text(double value) => value.ToString(row.Format, CultureInfo.InvariantCulture);
        var spread = comparison.Of(row, name);
        var medians = comparison.Names.Select(n => comparison.Of(row, n).Median).ToList();
        var best = row.MoreIsBetter ? medians.Max() : medians.Min();
        var median = spread.Median == best ? $"**{Text(spread.Median)}**" : Text(spread.Median);
        return $"{median} ({Text(spread.Lowest)} to {Text(spread.Highest)})";
    }
}
