namespace ArtMqtt.Broker.Mqtt.Routing;

/// <summary>What became of a message.</summary>
/// <param name="Subscriptions">How many subscriptions it matched.</param>
/// <param name="IsKept">
/// It was kept for sessions that are away or may go away, or as a retained message: durable once the store has it.
/// </param>
internal readonly record struct RouteResult(int Subscriptions, bool IsKept);
