using System.Text.Json;
using ArtMqtt.Load.Measure;
using ArtMqtt.Load.Summary;

namespace ArtMqtt.Load.Brokers;

/// <summary>Everything <c>bench/results/broker.json</c> holds.</summary>
/// <param name="TakenOn">When.</param>
/// <param name="Machine">What the figures depend on.</param>
/// <param name="Rounds">Every round of every broker, the brokers in the order they are shown in.</param>
internal sealed record BrokerComparison(
    DateOnly TakenOn, IReadOnlyDictionary<string, string> Machine, IReadOnlyList<BrokerFigures> Rounds)
{
    /// <summary>The rows of the table: what, how to read it from a round, its format.</summary>
    public IEnumerable<BrokerRow> Rows() =>
    [
        new("connects/s", r => r.ConnectsPerSecond, "N0", MoreIsBetter: true),
        new("memory of an idle connection, KiB", r => r.IdleKilobytes, "N1", MoreIsBetter: false),
        new("QoS 0, 50 publishers to 1 subscriber, messages/s", r => r.QoS0PerSecond, "N0", MoreIsBetter: true),
        new("QoS 1, 20 in flight each, messages/s", r => r.QoS1PerSecond, "N0", MoreIsBetter: true),
        new("fan-out 1 to 1,000, deliveries/s", r => r.FanOutPerSecond, "N0", MoreIsBetter: true),
        new("1,000 topics, publish to subscriber, p50 ms", r => r.P50Ms, "N2", MoreIsBetter: false),
        new("1,000 topics, publish to subscriber, p99 ms", r => r.P99Ms, "N2", MoreIsBetter: false),
        .. Rounds[0].PublishPerSecond.Keys.Select(sessions => new BrokerRow(
            $"QoS 1 publishes/s beside {sessions:N0} subscribed sessions", r => r.PublishPerSecond[sessions], "N0", true)),
    ];

    /// <summary>Names of the brokers.</summary>
    public IReadOnlyList<string> Names => [.. Rounds.Select(r => r.Name).Distinct()];

    /// <summary>Median and spread of a row for a broker.</summary>
    public Spread Of(BrokerRow row, string broker) => Spread.Of(Rounds.Where(r => r.Name == broker).Select(row.Value));

    /// <summary>Reads the results of all rounds from a folder.</summary>
    public static BrokerComparison Read(string folder, IReadOnlyDictionary<string, string> machine) => new(
        DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime), machine,
        [.. Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal)
            .Select(file => JsonSerializer.Deserialize<BrokerFigures>(File.ReadAllText(file), Report.Json)!)]);
}

/// <summary>One row of the comparison.</summary>
internal sealed record BrokerRow(string Label, Func<BrokerFigures, double> Value, string Format, bool MoreIsBetter);
