namespace ArtMqtt.Broker.Mqtt.Wire;

/// <summary>The protocol level in CONNECT.</summary>
internal enum ProtocolVersion : byte
{
    /// <summary>Not known yet, or none we speak.</summary>
    Unknown = 0,

    /// <summary>MQTT 3.1, protocol name <c>MQIsdp</c>.</summary>
    V31 = 3,

    /// <summary>MQTT 3.1.1.</summary>
    V311 = 4,

    /// <summary>MQTT 5.0.</summary>
    V5 = 5,
}
