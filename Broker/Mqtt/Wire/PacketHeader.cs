namespace ArtMqtt.Broker.Mqtt.Wire;

/// <summary>The first byte of a packet: its type and four flags.</summary>
internal static class PacketHeader
{
    /// <summary>The type.</summary>
    public static PacketType TypeOf(byte header) => (PacketType)(header >> 4);

    /// <summary>Whether the flags are those the type must have (MQTT 5, table 2-2).</summary>
    public static bool AreFlagsValid(byte header) => TypeOf(header) switch
    {
        PacketType.Publish => true,
        PacketType.PubRel or PacketType.Subscribe or PacketType.Unsubscribe => (header & 0x0F) == 2,
        _ => (header & 0x0F) == 0,
    };

    /// <summary>The first byte of an answer about a publish: PUBACK, PUBREC, PUBREL, PUBCOMP.</summary>
    public static byte Of(PacketType type) => (byte)(((int)type << 4) | (type == PacketType.PubRel ? 2 : 0));
}
