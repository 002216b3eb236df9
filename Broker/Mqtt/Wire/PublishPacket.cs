namespace ArtMqtt.Broker.Mqtt.Wire;

/// <summary>A PUBLISH from a client. Valid while the buffer it was read from is.</summary>
/// <param name="Topic">As received; empty when only an alias was sent.</param>
/// <param name="Quality">Quality of service, 0 to 2.</param>
/// <param name="IsDuplicate">Sent before.</param>
/// <param name="IsRetained">To be kept for later subscribers.</param>
/// <param name="PacketId">0 with quality 0.</param>
/// <param name="Payload">What it says.</param>
/// <param name="Properties">MQTT 5 properties.</param>
internal readonly record struct PublishPacket(
    string Topic, byte Quality, bool IsDuplicate, bool IsRetained, ushort PacketId, ReadOnlyMemory<byte> Payload,
    PropertySet Properties)
{
    /// <summary>Reads the body.</summary>
    /// <param name="header">First byte of the packet.</param>
    /// <param name="body">What follows the fixed header.</param>
    /// <param name="isVersion5">Whether there are properties.</param>
    /// <param name="topics">Remembers the client's last topic.</param>
    /// <param name="packet">The packet, when it is right.</param>
    /// <returns>Why not, or <see cref="ReasonCode.Success"/>.</returns>
    public static ReasonCode TryRead(
        byte header, ReadOnlyMemory<byte> body, bool isVersion5, LastTopic topics, out PublishPacket packet)
    {
        var quality = (byte)((header >> 1) & 3);
        var isDuplicate = (header & 8) != 0;
        var reader = new WireReader(body.Span);
        reader.Require(quality < 3 && !(isDuplicate && quality == 0), ReasonCode.MalformedPacket);
        var topic = topics.Read(ref reader);
        var id = quality > 0 ? reader.PacketId() : (ushort)0;
        var properties = isVersion5 ? PropertySet.Read(ref reader, PropertyScope.Publish) : default;
        packet = new PublishPacket(
            topic, quality, isDuplicate, (header & 1) != 0, id, body[(body.Length - reader.Left)..], properties);
        return reader.Fault;
    }
}
