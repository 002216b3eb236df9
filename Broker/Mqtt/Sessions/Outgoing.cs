using ArtMqtt.Broker.Mqtt.Routing;
using ArtMqtt.Broker.Mqtt.Wire;

namespace ArtMqtt.Broker.Mqtt.Sessions;

/// <summary>A packet that waits to be written to one connection: a publish, a plain acknowledgement, or ready bytes.</summary>
internal readonly struct Outgoing
{
    private Outgoing(object? body, byte header, ushort packetId, uint[]? identifiers) =>
        (Body, Header, PacketId, Identifiers) = (body, header, packetId, identifiers);

    /// <summary>A <see cref="Routing.Message"/>, a ready <c>byte[]</c>, or null for a plain acknowledgement.</summary>
    public object? Body { get; }

    /// <summary>First byte.</summary>
    public byte Header { get; }

    /// <summary>Packet identifier, or 0.</summary>
    public ushort PacketId { get; }

    /// <summary>Subscription identifiers of a publish, or null.</summary>
    public uint[]? Identifiers { get; }

    /// <summary>A publish whose loss the client would not notice.</summary>
    public bool IsQuality0 => Body is Message && (Header & 6) == 0;

    /// <summary>A packet that is ready to be sent.</summary>
    public static Outgoing Ready(byte[] packet) => new(packet, packet[0], 0, null);

    /// <summary>PUBACK, PUBREC, PUBREL or PUBCOMP without a reason.</summary>
    public static Outgoing Acknowledge(PacketType type, ushort packetId) =>
        new(null, PacketHeader.Of(type), packetId, null);

    /// <summary>A publish with quality 0.</summary>
    public static Outgoing Publish(Message message, bool isRetained, uint[]? identifiers) =>
        new(message, HeaderOf(0, isRetained, isDuplicate: false), 0, identifiers);

    /// <summary>A publish with quality 1 or 2.</summary>
    public static Outgoing Publish(QueuedMessage queued) => new(
        queued.Message, HeaderOf(queued.Quality, queued.IsRetained, queued.WasSent), queued.PacketId,
        queued.Identifiers);

    private static byte HeaderOf(byte quality, bool isRetained, bool isDuplicate) =>
        (byte)(((int)PacketType.Publish << 4) | (isDuplicate ? 8 : 0) | (quality << 1) | (isRetained ? 1 : 0));
}
