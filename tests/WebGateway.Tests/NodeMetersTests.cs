using System.Diagnostics.Metrics;
using ArtMqtt.WebGateway.Operations;
using Microsoft.Extensions.DependencyInjection;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>What the system page shows of a node's meters.</summary>
public sealed class NodeMetersTests : IDisposable
{
    private readonly ServiceProvider _node = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ServiceProvider _other = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Meter _meter;

    public NodeMetersTests() => _meter = Factory(_node).Create("test.node");

    public void Dispose()
    {
        _node.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task Counters_are_summed_over_their_tags_and_of_everything_else_the_newest_counts()
    {
        var written = _meter.CreateCounter<long>("artmqtt.ingest.positions.written");
        var connections = _meter.CreateUpDownCounter<int>("artmqtt.gateway.connections");
        var lag = _meter.CreateHistogram<double>("artmqtt.ingest.lag");
        var streams = 3L;
        _meter.CreateObservableGauge("artmqtt.live.streams", () => streams);
        using var meters = await StartAsync();

        written.Add(3, new KeyValuePair<string, object?>("role", "device"));
        written.Add(4, new KeyValuePair<string, object?>("role", "customer"));
        connections.Add(2);
        connections.Add(-1);
        lag.Record(5);
        lag.Record(0.5);

        Assert.Equal((7, 1, 0.5, 3), Values(meters));
        streams = 2;
        Assert.Equal((7, 1, 0.5, 2), Values(meters));

        static (double, double, double, double) Values(NodeMeters meters)
        {
            var read = meters.Read();
            return (read["positionsWritten"], read["hubConnections"], read["ingestLagSeconds"], read["liveStreams"]);
        }
    }

    [Fact]
    public async Task What_never_happened_is_zero_and_what_the_node_has_not_is_missing()
    {
        _meter.CreateCounter<long>("artmqtt.broker.positions.received");
        _meter.CreateHistogram<double>("artmqtt.gateway.changes.lag");
        _meter.CreateCounter<long>("artmqtt.broker.something.else").Add(1);
        using var meters = await StartAsync();

        // A lag is known when there was a first change; nothing is no lag of zero.
        Assert.Equal(["positionsReceived"], meters.Read().Keys);
        Assert.Equal(0, meters.Read()["positionsReceived"]);
    }

    [Fact]
    public async Task Another_node_in_the_same_process_is_not_counted_but_the_spool_is()
    {
        using var meters = await StartAsync();
        // Made after the start, as services are when somebody first needs them.
        using var spool = new Meter("test.spool");
        spool.CreateObservableGauge("artmqtt.spool.waiting.bytes", () => 512L);
        Factory(_other).Create("test.other").CreateCounter<long>("artmqtt.ingest.positions.written").Add(100);
        _meter.CreateCounter<long>("artmqtt.ingest.positions.written").Add(1);

        Assert.Equal((1, 512), (meters.Read()["positionsWritten"], meters.Read()["spoolBytes"]));
    }

    private async Task<NodeMeters> StartAsync()
    {
        var meters = new NodeMeters(Factory(_node));
        await meters.StartAsync(TestContext.Current.CancellationToken);
        return meters;
    }

    private static IMeterFactory Factory(ServiceProvider node) => node.GetRequiredService<IMeterFactory>();
}
