namespace ArtMqtt.Load.Brokers;

/// <summary>What one broker did in one round.</summary>
/// <param name="Name">The broker.</param>
/// <param name="ConnectsPerSecond">CONNECT to CONNACK, 64 at a time.</param>
/// <param name="IdleKilobytes">Resident memory for each of 10,000 connections with one subscription, in KiB.</param>
/// <param name="QoS0PerSecond">50 publishers to 1 subscriber.</param>
/// <param name="QoS1PerSecond">The same with QoS 1 on both sides, 20 in flight each.</param>
/// <param name="FanOutPerSecond">Deliveries from 1 publisher to 1,000 subscribers.</param>
/// <param name="P50Ms">Publish to subscriber: 1,000 topics, a message a second each.</param>
/// <param name="P99Ms">The same, 99th percentile.</param>
/// <param name="PublishPerSecond">QoS 1 publishes that nobody listens to, by the number of subscribed sessions.</param>
internal sealed record BrokerFigures(
    string Name, double ConnectsPerSecond, double IdleKilobytes, double QoS0PerSecond, double QoS1PerSecond,
    double FanOutPerSecond, double P50Ms, double P99Ms, IReadOnlyDictionary<int, double> PublishPerSecond);
