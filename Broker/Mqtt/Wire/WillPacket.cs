namespace ArtMqtt.Broker.Mqtt.Wire;

/// <summary>The last will in a CONNECT.</summary>
/// <param name="Topic">Where it goes.</param>
/// <param name="Payload">What it says.</param>
/// <param name="Quality">Quality of service, 0 to 2.</param>
/// <param name="IsRetained">Whether it is kept for later subscribers.</param>
/// <param name="DelaySeconds">How long to wait for the client to come back before it is sent.</param>
/// <param name="ExpirySeconds">How long it is worth delivering once it is sent; null for ever.</param>
/// <param name="Forwarded">MQTT 5 properties for its receivers, as received; or null.</param>
internal sealed record WillPacket(
    string Topic, byte[] Payload, byte Quality, bool IsRetained, uint DelaySeconds, uint? ExpirySeconds,
    byte[]? Forwarded);
