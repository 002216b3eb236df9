namespace ArtMqtt.DeviceAgent.Publishing;

/// <summary>What is spoken on the way to a server.</summary>
internal enum ServerScheme
{
    /// <summary>MQTT over TCP.</summary>
    Mqtt,

    /// <summary>MQTT over TLS.</summary>
    Mqtts,

    /// <summary>MQTT over a WebSocket.</summary>
    Ws,

    /// <summary>MQTT over a WebSocket with TLS.</summary>
    Wss,

    /// <summary>HTTP POST.</summary>
    Http,

    /// <summary>HTTP POST with TLS.</summary>
    Https,
}
