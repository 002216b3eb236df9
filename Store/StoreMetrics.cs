using System.Diagnostics.Metrics;

namespace ArtMqtt.Store;

/// <summary>The meter <c>ArtMqtt.Store</c>.</summary>
internal sealed class StoreMetrics
{
    private readonly Counter<long> _connections;

    /// <summary>Creates the instruments.</summary>
    public StoreMetrics(IMeterFactory meters) => _connections = meters.Create("ArtMqtt.Store")
        .CreateCounter<long>("artmqtt.store.history.connections", "{connection}");

    /// <summary>A connection for history was opened where there are replicas.</summary>
    /// <param name="isReplica">Whether to one of them; else none answered.</param>
    public void HistoryOpened(bool isReplica) =>
        _connections.Add(1, new KeyValuePair<string, object?>("to", isReplica ? "replica" : "primary"));
}
