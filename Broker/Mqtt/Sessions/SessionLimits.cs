namespace ArtMqtt.Broker.Mqtt.Sessions;

/// <summary>What one session may hold.</summary>
/// <param name="MaxSubscriptions">Most filters.</param>
/// <param name="MaxQueued">Most messages with quality 1 and 2 that wait for the client.</param>
/// <param name="MaxInFlight">Most messages with quality 1 and 2 that are sent and not acknowledged.</param>
internal sealed record SessionLimits(int MaxSubscriptions, int MaxQueued, int MaxInFlight);
