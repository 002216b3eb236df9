using System.Diagnostics.Metrics;

namespace ArtMqtt.Broker.Upstream;

/// <summary>What is counted of the upstream broker, in the broker's meter.</summary>
internal sealed class UpstreamMetrics
{
    private readonly UpDownCounter<long> _connections;
    private readonly Counter<long> _connects;
    private readonly Counter<long> _lost;
    private readonly Counter<long> _received;
    private readonly Counter<long> _acknowledged;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _held;
    private readonly Counter<long> _dropped;

    /// <summary>Creates the instruments.</summary>
    public UpstreamMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(BrokerMetrics.MeterName);
        _connections = meter.CreateUpDownCounter<long>("artmqtt.broker.upstream.connections", "{connection}");
        _connects = meter.CreateCounter<long>("artmqtt.broker.upstream.connects", "{connect}");
        _lost = meter.CreateCounter<long>("artmqtt.broker.upstream.connections.lost", "{connection}");
        _received = meter.CreateCounter<long>("artmqtt.broker.upstream.messages.received", "{message}");
        _acknowledged = meter.CreateCounter<long>("artmqtt.broker.upstream.messages.acknowledged", "{message}");
        _refused = meter.CreateCounter<long>("artmqtt.broker.upstream.messages.refused", "{message}");
        _held = meter.CreateCounter<long>("artmqtt.broker.upstream.messages.held", "{message}");
        _dropped = meter.CreateCounter<long>("artmqtt.broker.upstream.messages.dropped", "{message}");
    }

    /// <summary>A connection serves.</summary>
    public void Connected()
    {
        _connections.Add(1);
        _connects.Add(1, new KeyValuePair<string, object?>("result", "connected"));
    }

    /// <summary>An attempt failed.</summary>
    public void ConnectFailed() => _connects.Add(1, new KeyValuePair<string, object?>("result", "failed"));

    /// <summary>A connection that served serves no more.</summary>
    /// <param name="isLost">Whether nobody wanted that.</param>
    public void Ended(bool isLost)
    {
        _connections.Add(-1);
        if (isLost)
        {
            _lost.Add(1);
        }
    }

    /// <summary>A message came.</summary>
    public void Received() => _received.Add(1);

    /// <summary>A message was acknowledged: it is safe here, or can never be a position.</summary>
    public void Acknowledged() => _acknowledged.Add(1);

    /// <summary>A message cannot be a position.</summary>
    /// <param name="code">Why, as in docs/errors.md.</param>
    public void Refused(string code) => _refused.Add(1, new KeyValuePair<string, object?>("code", code));

    /// <summary>A message cannot be kept now: its acknowledgement waits.</summary>
    public void Held() => _held.Add(1);

    /// <summary>A message without acknowledgement (QoS 0) was given up, for it cannot be kept.</summary>
    public void Dropped() => _dropped.Add(1);
}
