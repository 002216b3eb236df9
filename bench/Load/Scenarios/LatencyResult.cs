using ArtMqtt.Load.Measure;

namespace ArtMqtt.Load.Scenarios;

/// <summary>What came of a <see cref="LatencyScenario"/>.</summary>
/// <param name="Devices">Devices, each with one watcher.</param>
/// <param name="PublishedPerSecond">All devices together.</param>
/// <param name="Published">In the measured time.</param>
/// <param name="Missing">Published but not seen by the watcher.</param>
/// <param name="Unexpected">Seen by a watcher, but not published or twice.</param>
/// <param name="ConnectionFailures">MQTT connections that ended, by reason.</param>
/// <param name="LostWatchers">SignalR connections that ended.</param>
/// <param name="PublishToPubAck">At this low rate.</param>
/// <param name="PublishToWatcher">Until the callback of the SignalR client.</param>
internal sealed record LatencyResult(
    int Devices, double PublishedPerSecond, long Published, int Missing, int Unexpected,
    IReadOnlyDictionary<string, int> ConnectionFailures, int LostWatchers,
    Latency PublishToPubAck, Latency PublishToWatcher)
{
    /// <summary>Whether every position reached its watcher once.</summary>
    public bool IsComplete =>
        Published > 0 && Missing == 0 && Unexpected == 0 && ConnectionFailures.Count == 0 && LostWatchers == 0;

    /// <summary>The result as a table.</summary>
    public IEnumerable<(string Label, string Value)> Rows() =>
    [
        ("devices, each with one watcher", $"{Devices}"),
        ("published", $"{PublishedPerSecond:N1}/s"),
        ("published / missing / unexpected", $"{Published:N0} / {Missing:N0} / {Unexpected:N0}"),
        ("lost watchers", $"{LostWatchers}"),
        .. ConnectionFailures.Select(f => ($"connection ended: {f.Key}", $"{f.Value}")),
        .. Report.Rows("publish to PUBACK", PublishToPubAck),
        .. Report.Rows("publish to SignalR client", PublishToWatcher),
    ];
}
