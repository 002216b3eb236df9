using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;

namespace ArtMqtt.WebGateway.Operations;

/// <summary>
/// What the meters of this node say at the moment, for people without Prometheus: sums of counters and the newest value of
/// everything else, over all tags. Which of them there are depends on the roles of the node.
/// </summary>
internal sealed class NodeMeters : IHostedService, IDisposable
{
    // Name on the page, by name of the instrument.
    private static readonly Dictionary<string, string> _shown = new(StringComparer.Ordinal)
    {
        ["artmqtt.broker.positions.received"] = "positionsReceived",
        ["artmqtt.broker.connections"] = "mqttConnections",
        ["artmqtt.ingest.positions.written"] = "positionsWritten",
        ["artmqtt.ingest.lag"] = "ingestLagSeconds",
        ["artmqtt.spool.waiting"] = "spoolRecords",
        ["artmqtt.spool.waiting.bytes"] = "spoolBytes",
        ["artmqtt.live.streams"] = "liveStreams",
        ["artmqtt.gateway.connections"] = "hubConnections",
        ["artmqtt.gateway.watches"] = "watches",
        ["artmqtt.gateway.changes.lag"] = "changesLagSeconds",
    };

    private readonly ConcurrentDictionary<string, double> _values = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    /// <param name="meters">Of this node: others in the same process are not listened to.</param>
    public NodeMeters(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // The spool knows no factory of meters; there is one of it in a node.
            if ((instrument.Meter.Scope is null || ReferenceEquals(instrument.Meter.Scope, meters))
                && _shown.TryGetValue(instrument.Name, out var name))
            {
                if (IsSum(instrument))
                {
                    _values.TryAdd(name, 0);
                }

                listener.EnableMeasurementEvents(instrument, new Shown(name, IsSum(instrument)));
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, _, state) => Take(value, state));
        _listener.SetMeasurementEventCallback<int>((_, value, _, state) => Take(value, state));
        _listener.SetMeasurementEventCallback<double>((_, value, _, state) => Take(value, state));
    }

    /// <summary>The values now, by name.</summary>
    public IReadOnlyDictionary<string, double> Read()
    {
        _listener.RecordObservableInstruments();
        return new SortedDictionary<string, double>(_values, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Before anybody can connect: what goes up and down is counted from the beginning.
        _listener.Start();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private static bool IsSum(Instrument instrument) =>
        instrument is Counter<long> or UpDownCounter<long> or Counter<int> or UpDownCounter<int>;

    private void Take(double value, object? state)
    {
        var shown = (Shown)state!;
        _values.AddOrUpdate(shown.Name, value, (_, before) => shown.IsSum ? before + value : value);
    }

    private sealed record Shown(string Name, bool IsSum);
}
