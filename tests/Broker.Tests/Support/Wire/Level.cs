namespace ArtMqtt.Broker.Tests.Support.Wire;

/// <summary>Protocol version, with its value in CONNECT.</summary>
public enum Level : byte
{
    /// <summary>MQTT 3.1.1.</summary>
    V311 = 4,

    /// <summary>MQTT 5.0.</summary>
    V5 = 5,
}
