using ArtMqtt.Load.Scenarios;

namespace ArtMqtt.Load.Summary;

/// <summary>The comparison in medians.</summary>
internal sealed record Figures
{
    /// <summary>Positions/s the generator reaches when nobody works on the other side.</summary>
    public required Spread GeneratorLimit { get; init; }

    /// <summary>Positions/s the node acknowledged.</summary>
    public required Spread NodeAcknowledged { get; init; }

    /// <summary>Positions/s in the hypertable, from the first publish to the last row.</summary>
    public required Spread NodeStored { get; init; }

    /// <summary>Seconds from the last PUBACK to the last row.</summary>
    public required Spread NodeDrainSeconds { get; init; }

    /// <summary>PUBLISH to PUBACK under full load, ms.</summary>
    public required Spread NodeAckP50 { get; init; }

    /// <summary>The same, 99th percentile.</summary>
    public required Spread NodeAckP99 { get; init; }

    /// <summary>Processor time of the node, µs per acknowledged position.</summary>
    public required Spread NodeCpu { get; init; }

    /// <summary>Positions/s Mosquitto acknowledged while its subscriber kept up.</summary>
    public required Spread MosquittoAcknowledged { get; init; }

    /// <summary>Positions/s the subscriber of Mosquitto took.</summary>
    public required Spread MosquittoDelivered { get; init; }

    /// <summary>PUBLISH to PUBACK of Mosquitto, 99th percentile, ms.</summary>
    public required Spread MosquittoAckP99 { get; init; }

    /// <summary>Processor time of Mosquitto, µs per position.</summary>
    public required Spread MosquittoCpu { get; init; }

    /// <summary>Rows/s of a bare COPY.</summary>
    public required Spread Copied { get; init; }

    /// <summary>PUBLISH to the callback of the SignalR client at a low pace, median, ms.</summary>
    public required Spread WatchP50 { get; init; }

    /// <summary>The same, 99th percentile.</summary>
    public required Spread WatchP99 { get; init; }

    /// <summary>Whether in every run all positions were acknowledged, stored exactly once, delivered and seen.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>Computes the medians.</summary>
    public static Figures Of(RunFiles runs) => new()
    {
        GeneratorLimit = Spread.Of(runs.Sink.Select(r => r.Rate.AcknowledgedPerSecond)),
        NodeAcknowledged = Spread.Of(runs.Node.Select(r => r.Rate.AcknowledgedPerSecond)),
        NodeStored = Spread.Of(runs.Node.Select(r => r.Stored!.PerSecond)),
        NodeDrainSeconds = Spread.Of(runs.Node.Select(r => r.Stored!.DrainSeconds)),
        NodeAckP50 = Spread.Of(runs.Node.Select(r => r.Rate.PublishToPubAck.P50)),
        NodeAckP99 = Spread.Of(runs.Node.Select(r => r.Rate.PublishToPubAck.P99)),
        NodeCpu = Cpu(runs.Node, "node"),
        MosquittoAcknowledged = Spread.Of(runs.Mosquitto.Select(r => r.Rate.AcknowledgedPerSecond)),
        MosquittoDelivered = Spread.Of(runs.Mosquitto.Select(r => r.Rate.DeliveredPerSecond)),
        MosquittoAckP99 = Spread.Of(runs.Mosquitto.Select(r => r.Rate.PublishToPubAck.P99)),
        MosquittoCpu = Cpu(runs.Mosquitto, "mosquitto"),
        Copied = Spread.Of(runs.Copy.Select(r => r.PerSecond)),
        WatchP50 = Spread.Of(runs.Latency.Select(r => r.PublishToWatcher.P50)),
        WatchP99 = Spread.Of(runs.Latency.Select(r => r.PublishToWatcher.P99)),
        IsComplete = runs.Node.All(r => r.IsComplete(0)) && runs.Mosquitto.All(r => r.IsComplete(1))
            && runs.Copy.All(r => r.Copied == r.Stored) && runs.Latency.All(r => r.IsComplete),
    };

    private static Spread Cpu(IEnumerable<PublishResult> runs, string process) =>
        Spread.Of(runs.Select(r => r.Rate.Processes[process].MicrosecondsPerPosition));
}
