using ArtMqtt.Load.Measure;

namespace ArtMqtt.Load.Brokers;

/// <summary>What all connections of one measurement counted.</summary>
internal sealed class BrokerTally
{
    public long Sent { get; set; }

    public long Acknowledged { get; set; }

    public long Received { get; set; }

    /// <summary>PUBLISH to subscriber; only while <see cref="IsTiming"/>.</summary>
    public Histogram Latency { get; } = new();

    public bool IsTiming { get; set; }
}
