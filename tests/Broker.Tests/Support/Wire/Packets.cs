using System.Text;

namespace ArtMqtt.Broker.Tests.Support.Wire;

/// <summary>Packets a client sends, as bytes.</summary>
internal static class Packets
{
    public static byte[] PingReq { get; } = [0xC0, 0x00];

    public static byte[] Publish(Level level, PublishFields publish)
    {
        var header = 0x30 | (publish.IsDuplicate ? 8 : 0) | (publish.QoS << 1) | (publish.IsRetained ? 1 : 0);
        var body = new ByteWriter().Text(publish.Topic);
        body = publish.QoS > 0 ? body.Short(publish.PacketId) : body;
        body = level == Level.V5 ? body.Properties(publish.Properties) : body;
        return RawMqtt.Packet((byte)header, body.Raw(publish.Bytes ?? Encoding.UTF8.GetBytes(publish.Payload)).ToArray());
    }

    /// <summary>PUBACK, PUBREC, PUBREL or PUBCOMP; the reason only in MQTT 5 and only when it is not success.</summary>
    public static byte[] Acknowledge(PacketType type, ushort packetId, byte reason = Reason.Success)
    {
        var body = new ByteWriter().Short(packetId);
        body = reason == Reason.Success ? body : body.Byte(reason);
        return RawMqtt.Packet((byte)(((byte)type << 4) | (type == PacketType.PubRel ? 2 : 0)), body.ToArray());
    }

    public static byte[] Subscribe(
        Level level, ushort packetId, (string Filter, byte Options)[] filters, params IEnumerable<Property> properties)
    {
        var body = new ByteWriter().Short(packetId);
        body = level == Level.V5 ? body.Properties(properties) : body;
        foreach (var (filter, options) in filters)
        {
            body.Text(filter).Byte(options);
        }

        return RawMqtt.Packet(0x82, body.ToArray());
    }

    public static byte[] Unsubscribe(Level level, ushort packetId, params string[] filters)
    {
        var body = new ByteWriter().Short(packetId);
        body = level == Level.V5 ? body.Properties() : body;
        foreach (var filter in filters)
        {
            body.Text(filter);
        }

        return RawMqtt.Packet(0xA2, body.ToArray());
    }

    public static byte[] Disconnect(byte reason = Reason.Success, params IReadOnlyCollection<Property> properties) =>
        RawMqtt.Packet(0xE0, properties.Count > 0 ? new ByteWriter().Byte(reason).Properties(properties).ToArray()
            : reason == Reason.Success ? [] : [reason]);

    public static byte[] Auth(byte reason, params IEnumerable<Property> properties) =>
        RawMqtt.Packet(0xF0, new ByteWriter().Byte(reason).Properties(properties).ToArray());
}
