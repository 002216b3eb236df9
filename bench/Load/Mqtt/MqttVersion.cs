namespace ArtMqtt.Load.Mqtt;

/// <summary>Protocol level on the wire.</summary>
internal enum MqttVersion : byte
{
    /// <summary>MQTT 3.1.1.</summary>
    V311 = 4,

    /// <summary>MQTT 5.</summary>
    V5 = 5,
}
