namespace ArtMqtt.Broker.Mqtt.Wire;

/// <summary>What an MQTT 5 client is told in CONNACK; null for "as you asked".</summary>
/// <param name="SessionExpiryInterval">How long its session is kept without a connection, in seconds.</param>
/// <param name="ReceiveMaximum">Publishes with quality 1 or 2 it may have unanswered.</param>
/// <param name="MaximumPacketSize">Largest packet it may send, in bytes.</param>
/// <param name="TopicAliasMaximum">Highest topic alias it may use.</param>
/// <param name="ServerKeepAlive">Longest silence in seconds.</param>
/// <param name="AssignedClientIdentifier">The client id it gets.</param>
internal sealed record ServerTerms(
    uint? SessionExpiryInterval, ushort ReceiveMaximum, uint MaximumPacketSize, ushort TopicAliasMaximum,
    ushort? ServerKeepAlive, string? AssignedClientIdentifier);
