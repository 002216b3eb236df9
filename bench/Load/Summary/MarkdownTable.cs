using System.Globalization;
using System.Text;

namespace ArtMqtt.Load.Summary;

/// <summary>The comparison as a page to read.</summary>
internal static class MarkdownTable
{
    /// <summary>Writes the page.</summary>
    public static string Write(Comparison comparison)
    {
        var figures = comparison.Figures;
        var page = new StringBuilder("# Latest comparison\n\n");
        page.Append($"Written by `bench/run` on {comparison.TakenOn:yyyy-MM-dd}: {comparison.Rounds} alternating rounds on one ");
        page.Append($"machine, {comparison.Devices} devices, QoS 1, {comparison.InFlight} in flight each. Medians (lowest to ");
        page.Append("highest). What each figure means: [README](../README.md).\n\n");
        page.Append("| | median | spread |\n| --- | ---: | ---: |\n");
        Row("Node: acknowledged, each one fsynced", figures.NodeAcknowledged, "N0", "/s");
        Row("Node: stored in the hypertable", figures.NodeStored, "N0", "/s");
        Row("Node: last PUBACK to last row", figures.NodeDrainSeconds, "F2", " s");
        Row("Node: PUBLISH to PUBACK at this load, p50", figures.NodeAckP50, "F1", " ms");
        Row("Node: PUBLISH to PUBACK at this load, p99", figures.NodeAckP99, "F1", " ms");
        Row("Node: processor time per position", figures.NodeCpu, "F1", " µs");
        Row("Mosquitto: acknowledged, nothing stored", figures.MosquittoAcknowledged, "N0", "/s");
        Row("Mosquitto: delivered to one subscriber", figures.MosquittoDelivered, "N0", "/s");
        Row("Mosquitto: PUBLISH to PUBACK at this load, p99", figures.MosquittoAckP99, "F1", " ms");
        Row("Mosquitto: processor time per position", figures.MosquittoCpu, "F1", " µs");
        Row("Bare binary COPY of the same rows", figures.Copied, "N0", "/s");
        Row("PUBLISH to SignalR client, low pace, p50", figures.WatchP50, "F2", " ms");
        Row("PUBLISH to SignalR client, low pace, p99", figures.WatchP99, "F2", " ms");
        Row("Generator against a sink (its limit)", figures.GeneratorLimit, "N0", "/s");
        page.Append('\n');
        page.Append($"- Node acknowledged / Mosquitto: **{figures.NodeAcknowledged.Median / figures.MosquittoAcknowledged.Median:F2}**\n");
        page.Append($"- Node stored / Mosquitto delivered: **{figures.NodeStored.Median / figures.MosquittoDelivered.Median:F2}**\n");
        page.Append($"- Node stored / bare COPY: **{figures.NodeStored.Median / figures.Copied.Median:F2}**\n");
        page.Append(figures.IsComplete
            ? "- In every run: sent = acknowledged = rows (or deliveries), and every watched position was seen once.\n"
            : "- **Not every run was complete**: see latest.json for what was refused, lost or not stored.\n");
        page.Append("\n| machine | |\n| --- | --- |\n");
        foreach (var (name, value) in comparison.Machine)
        {
            page.Append($"| {name} | {value} |\n");
        }

        return page.ToString();

        void Row(string label, Spread spread, string format, string unit)
        {
            string Text(double value) => value.ToString(format, CultureInfo.InvariantCulture) + unit;
            page.Append($"| {label} | {Text(spread.Median)} | {Text(spread.Lowest)} to {Text(spread.Highest)} |\n");
        }
    }
}
