using System.Diagnostics.Metrics;

namespace ArtMqtt.WebGateway.Live;

/// <summary>What goes to browsers, as the meter <c>ArtMqtt.WebGateway</c>.</summary>
internal sealed class GatewayMetrics
{
    public const string MeterName = "ArtMqtt.WebGateway";

    private readonly UpDownCounter<long> _connections;
    private readonly UpDownCounter<long> _watches;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _conflated;
    private readonly Counter<long> _overflows;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _catchUps;
    private readonly Counter<long> _journaled;
    private readonly Counter<long> _notJournaled;
    private readonly Histogram<double> _sendDuration;

    public GatewayMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _connections = meter.CreateUpDownCounter<long>(
            "artmqtt.gateway.connections", "{connection}", "Open hub connections");
        _watches = meter.CreateUpDownCounter<long>("artmqtt.gateway.watches", "{watch}", "Requests being watched");
        _sent = meter.CreateCounter<long>("artmqtt.gateway.events.sent", "{event}", "Events written to connections");
        _conflated = meter.CreateCounter<long>(
            "artmqtt.gateway.events.conflated", "{event}", "Locations replaced by a newer one before they were sent");
        _overflows = meter.CreateCounter<long>(
            "artmqtt.gateway.connections.overflowed", "{connection}", "Connections closed because status events piled up");
        _refused = meter.CreateCounter<long>(
            "artmqtt.gateway.calls.refused", "{call}", "Calls beyond the limit of their caller, by class");
        _catchUps = meter.CreateCounter<long>(
            "artmqtt.gateway.catch_ups", "{watcher}", "Watchers that came back with a cursor, by where the gap was closed from");
        _journaled = meter.CreateCounter<long>(
            "artmqtt.gateway.journal.written", "{event}", "Live events written to the journal");
        _notJournaled = meter.CreateCounter<long>(
            "artmqtt.gateway.journal.lost", "{event}", "Live events that the journal does not have: the database did not take them");
        _sendDuration = meter.CreateHistogram<double>(
            "artmqtt.gateway.send.duration", "s", "Time to hand one frame to a connection");
    }

    public void ConnectionsChanged(int by) => _connections.Add(by);

    public void WatchesChanged(int by) => _watches.Add(by);

    public void Sent(string name) => _sent.Add(1, new KeyValuePair<string, object?>("event", name));

    public void FrameSent(TimeSpan duration) => _sendDuration.Record(duration.TotalSeconds);

    public void CaughtUp(string from) => _catchUps.Add(1, new KeyValuePair<string, object?>("from", from));

    public void Journaled(int count) => _journaled.Add(count);

    public void NotJournaled(int count) => _notJournaled.Add(count);

    public void Conflated() => _conflated.Add(1);

    public void Refused(string callClass) => _refused.Add(1, new KeyValuePair<string, object?>("class", callClass));

    public void Overflowed() => _overflows.Add(1);
}
