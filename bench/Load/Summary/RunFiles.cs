using System.Text.Json;
using ArtMqtt.Load.Measure;
using ArtMqtt.Load.Scenarios;

namespace ArtMqtt.Load.Summary;

/// <summary>The results of all runs of one comparison, as <c>bench/run</c> left them in a folder.</summary>
/// <param name="Sink">The generator against a sink.</param>
/// <param name="Node">The node, into the hypertable.</param>
/// <param name="Mosquitto">Mosquitto, to a trivial subscriber.</param>
/// <param name="Copy">Bare COPY of the node's rows.</param>
/// <param name="Latency">PUBLISH to SignalR client.</param>
internal sealed record RunFiles(
    IReadOnlyList<PublishResult> Sink, IReadOnlyList<PublishResult> Node, IReadOnlyList<PublishResult> Mosquitto,
    IReadOnlyList<CopyResult> Copy, IReadOnlyList<LatencyResult> Latency)
{
    /// <summary>Reads <c>sink-*.json</c>, <c>node-*.json</c> and so on.</summary>
    public static RunFiles Read(string folder) => new(
        Read<PublishResult>(folder, "sink"), Read<PublishResult>(folder, "node"),
        Read<PublishResult>(folder, "mosquitto"), Read<CopyResult>(folder, "copy"),
        Read<LatencyResult>(folder, "latency"));

    private static List<T> Read<T>(string folder, string name)
    {
        var files = Directory.GetFiles(folder, $"{name}-*.json").Order(StringComparer.Ordinal).ToList();
        return files.Count > 0
            ? files.ConvertAll(file => JsonSerializer.Deserialize<T>(File.ReadAllText(file), Report.Json)!)
            : throw new FileNotFoundException($"No result of '{name}' in the folder of runs.");
    }
}
