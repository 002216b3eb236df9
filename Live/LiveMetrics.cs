using System.Diagnostics.Metrics;

namespace ArtMqtt.Live;

/// <summary>What the live streams do, as the meter <c>ArtMqtt.Live</c>.</summary>
public sealed class LiveMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "ArtMqtt.Live";

    private readonly Counter<long> _published;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _recoveries;
    private readonly Counter<long> _listenerFailures;
    private readonly Counter<long> _resets;
    private readonly Counter<long> _heard;
    private readonly Counter<long> _envelopes;
    private readonly Counter<long> _toldLate;
    private readonly Counter<long> _evicted;
    private readonly UpDownCounter<long> _streams;
    private readonly UpDownCounter<long> _subscriptions;

    /// <summary>Creates the instruments.</summary>
    public LiveMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _published = meter.CreateCounter<long>("artmqtt.live.events.published", "{event}", "Events numbered");
        _refused = meter.CreateCounter<long>(
            "artmqtt.live.locations.refused", "{event}", "Locations not shown: late, or after the request's end");
        _recoveries = meter.CreateCounter<long>(
            "artmqtt.live.recoveries", "{subscription}", "Subscriptions that came with a cursor, by whether it was good");
        _listenerFailures = meter.CreateCounter<long>(
            "artmqtt.live.listener.failures", "{call}", "Calls in which a listener threw");
        _resets = meter.CreateCounter<long>(
            "artmqtt.live.resets", "{subscription}", "Subscriptions ended because their stream could not go on where it was");
        _heard = meter.CreateCounter<long>(
            "artmqtt.live.redis.heard", "{event}", "Events that came through Redis, of streams that are watched here");
        _envelopes = meter.CreateCounter<long>(
            "artmqtt.live.redis.envelopes", "{envelope}", "Envelopes of events that Redis numbered in one step");
        _toldLate = meter.CreateCounter<long>(
            "artmqtt.live.redis.told_late", "{event}", "Events that were told the other nodes after Redis was gone, by what came of it");
        _evicted = meter.CreateCounter<long>("artmqtt.live.streams.evicted", "{stream}", "Idle streams dropped");
        _streams = meter.CreateUpDownCounter<long>("artmqtt.live.streams", "{stream}", "Streams in memory");
        _subscriptions = meter.CreateUpDownCounter<long>(
            "artmqtt.live.subscriptions", "{subscription}", "Running subscriptions");
    }

    internal void Published(string name) => _published.Add(1, new KeyValuePair<string, object?>("event", name));

    internal void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    internal void Resumed(bool isRecovered) =>
        _recoveries.Add(1, new KeyValuePair<string, object?>("recovered", isRecovered));

    internal void ListenerFailed() => _listenerFailures.Add(1);

    internal void Reset() => _resets.Add(1);

    internal void Heard() => _heard.Add(1);

    internal void EnvelopeSent() => _envelopes.Add(1);

    internal void ToldLate(bool isNumbered, string? refusal) =>
        _toldLate.Add(1, new KeyValuePair<string, object?>("result", isNumbered ? "numbered" : refusal));

    internal void StreamAdded() => _streams.Add(1);

    internal void StreamEvicted()
    {
        _streams.Add(-1);
        _evicted.Add(1);
    }

    internal void SubscriptionsChanged(int by) => _subscriptions.Add(by);
}
