using System.Diagnostics.Metrics;
using ArtMqtt.WebGateway.Live;

namespace ArtMqtt.WebGateway.Changes;

/// <summary>What goes to clients of row changes, in the meter of <see cref="GatewayMetrics"/>.</summary>
internal sealed class ChangeMetrics
{
    private readonly UpDownCounter<long> _connections;
    private readonly UpDownCounter<long> _subscriptions;
    private readonly Counter<long> _received;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _broadcasts;
    private readonly Counter<long> _overflows;
    private readonly Counter<long> _interruptions;
    private readonly Histogram<double> _lag;

    public ChangeMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(GatewayMetrics.MeterName);
        _connections = meter.CreateUpDownCounter<long>(
            "artmqtt.gateway.changes.connections", "{connection}", "Open connections for row changes");
        _subscriptions = meter.CreateUpDownCounter<long>(
            "artmqtt.gateway.changes.subscriptions", "{subscription}", "Subscriptions to row changes");
        _received = meter.CreateCounter<long>(
            "artmqtt.gateway.changes.received", "{change}", "Row changes that came from the database");
        _sent = meter.CreateCounter<long>(
            "artmqtt.gateway.changes.sent", "{message}", "Row changes put into the queues of connections");
        _broadcasts = meter.CreateCounter<long>(
            "artmqtt.gateway.changes.broadcasts", "{message}", "Broadcasts put into the queues of connections");
        _overflows = meter.CreateCounter<long>(
            "artmqtt.gateway.changes.overflowed", "{connection}", "Connections closed because they did not read");
        _interruptions = meter.CreateCounter<long>(
            "artmqtt.gateway.changes.interruptions", "{interruption}", "Times that changes may have been missed");
        _lag = meter.CreateHistogram<double>(
            "artmqtt.gateway.changes.lag", "s", "From the commit (the database's clock) to the queues");
    }

    public void ConnectionsChanged(int by) => _connections.Add(by);

    public void SubscriptionsChanged(int by) => _subscriptions.Add(by);

    public void Received(string table, TimeSpan lag)
    {
        _received.Add(1, new KeyValuePair<string, object?>("table", table));
        _lag.Record(Math.Max(0, lag.TotalSeconds));
    }

    public void Sent(int count) => _sent.Add(count);

    public void Broadcasts(int count) => _broadcasts.Add(count);

    public void Overflowed() => _overflows.Add(1);

    public void Interrupted() => _interruptions.Add(1);
}
