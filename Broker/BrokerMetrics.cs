using System.Diagnostics.Metrics;
using ArtMqtt.Broker.Auth;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Broker;

/// <summary>What the broker counts, in the meter <see cref="MeterName"/>.</summary>
public sealed class BrokerMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "ArtMqtt.Broker";

    private readonly UpDownCounter<long> _connections;
    private readonly Counter<long> _connectsRefused;
    private readonly Counter<long> _connectionsClosed;
    private readonly Counter<long> _positions;
    private readonly Counter<long> _passed;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _deadLettersDropped;
    private readonly Counter<long> _deviceEventsDropped;
    private readonly Counter<long> _publishesDenied;
    private readonly Counter<long> _subscribesDenied;
    private readonly Counter<long> _deliveriesDenied;
    private readonly Counter<long> _deliveriesDropped;
    private readonly Counter<long> _retainedRefused;
    private readonly Counter<long> _throttled;
    private readonly Histogram<double> _stateCommit;
    private readonly Histogram<double> _appendWait;
    private readonly Counter<long> _appendsFailed;
    private readonly Counter<long> _live;
    private readonly Counter<long> _mirrored;

    /// <summary>Creates the instruments.</summary>
    public BrokerMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(MeterName);
        _connections = meter.CreateUpDownCounter<long>("artmqtt.broker.connections", "{connection}");
        _connectsRefused = meter.CreateCounter<long>("artmqtt.broker.connects.refused", "{connect}");
        _connectionsClosed = meter.CreateCounter<long>("artmqtt.broker.connections.closed", "{connection}");
        _positions = meter.CreateCounter<long>("artmqtt.broker.positions.received", "{position}");
        _passed = meter.CreateCounter<long>("artmqtt.broker.messages.passed", "{message}");
        _rejected = meter.CreateCounter<long>("artmqtt.broker.payloads.rejected", "{payload}");
        _deadLettersDropped = meter.CreateCounter<long>("artmqtt.broker.dead_letters.dropped", "{payload}");
        _deviceEventsDropped = meter.CreateCounter<long>("artmqtt.broker.device_events.dropped", "{event}");
        _publishesDenied = meter.CreateCounter<long>("artmqtt.broker.publishes.denied", "{publish}");
        _subscribesDenied = meter.CreateCounter<long>("artmqtt.broker.subscribes.denied", "{filter}");
        _deliveriesDenied = meter.CreateCounter<long>("artmqtt.broker.deliveries.denied", "{message}");
        _deliveriesDropped = meter.CreateCounter<long>("artmqtt.broker.deliveries.dropped", "{message}");
        _throttled = meter.CreateCounter<long>("artmqtt.broker.publishes.throttled", "{publish}");
        _retainedRefused = meter.CreateCounter<long>("artmqtt.broker.retained.refused", "{message}");
        _stateCommit = meter.CreateHistogram<double>("artmqtt.broker.state.commit", "s");
        _appendWait = meter.CreateHistogram<double>("artmqtt.broker.append.wait", "s");
        _appendsFailed = meter.CreateCounter<long>("artmqtt.broker.appends.failed", "{append}");
        _live = meter.CreateCounter<long>("artmqtt.broker.live.published", "{position}");
        _mirrored = meter.CreateCounter<long>("artmqtt.broker.live.mirrored", "{message}");
    }

    internal void ConnectionOpened() => _connections.Add(1);

    internal void ConnectionEnded() => _connections.Add(-1);

    internal void ConnectRefused(string reason) => _connectsRefused.Add(1, Tag("reason", reason));

    internal void ConnectionClosed(string reason) => _connectionsClosed.Add(1, Tag("reason", reason));

    internal void PositionsReceived(int count, PositionRole role) => _positions.Add(count, Tag("role", NameOf(role)));

    internal void MessagePassed(string kind) => _passed.Add(1, Tag("kind", kind));

    internal void PayloadRejected(string code) => _rejected.Add(1, Tag("code", code));

    internal void DeadLetterDropped() => _deadLettersDropped.Add(1);

    internal void DeviceEventDropped() => _deviceEventsDropped.Add(1);

    internal void PublishDenied(ClientKind kind) => _publishesDenied.Add(1, Tag("client", NameOf(kind)));

    internal void SubscribeDenied(ClientKind kind) => _subscribesDenied.Add(1, Tag("client", NameOf(kind)));

    internal void DeliveryDenied() => _deliveriesDenied.Add(1);

    internal void Throttled() => _throttled.Add(1);

    internal void DeliveryDropped() => _deliveriesDropped.Add(1);

    internal void RetainedRefused() => _retainedRefused.Add(1);

    internal void StateCommitted(TimeSpan duration) => _stateCommit.Record(duration.TotalSeconds);

    internal void Appended(TimeSpan wait) => _appendWait.Record(wait.TotalSeconds);

    internal void AppendFailed(string reason) => _appendsFailed.Add(1, Tag("reason", reason));

    internal void LivePublished(bool isLate) => _live.Add(1, Tag("result", isLate ? "late" : "shown"));

    internal void LiveThinned() => _live.Add(1, Tag("result", "thinned"));

    internal void LiveDropped() => _live.Add(1, Tag("result", "dropped"));

    internal void LiveFailed() => _live.Add(1, Tag("result", "failed"));

    internal void Mirrored(string result) => _mirrored.Add(1, Tag("result", result));

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    private static string NameOf(PositionRole role) => role switch
    {
        PositionRole.Operator => "operator",
        PositionRole.Customer => "customer",
        _ => "device",
    };

    private static string NameOf(ClientKind kind) => kind switch
    {
        ClientKind.Device => "device",
        ClientKind.Customer => "customer",
        ClientKind.Dispatcher => "dispatcher",
        ClientKind.Analyst => "analyst",
        ClientKind.Admin => "admin",
        _ => "anyone",
    };
}
