using System.Buffers.Binary;
using System.Text;

namespace ArtMqtt.Load.Mqtt;

/// <summary>Encodes the packets a client sends; for QoS 0 and 1 only.</summary>
internal static class MqttPackets
{
    /// <summary>Largest fixed header: type and four bytes of length.</summary>
    public const int MaxHeader = 5;

    private const byte CleanStart = 0x02;
    private const byte HasPassword = 0x40;
    private const byte HasUserName = 0x80;

    /// <summary>CONNECT without keep-alive, so that an idle connection stays silent.</summary>
    public static byte[] Connect(
        MqttVersion version, string clientId, string? userName, string? password, bool isClean = true)
    {
        var flags = (byte)((isClean ? CleanStart : 0) | (userName is null ? 0 : HasUserName) | (password is null ? 0 : HasPassword));
        List<byte[]> parts = [Text("MQTT"), [(byte)version, flags, 0, 0], NoProperties(version), Text(clientId)];
        if (userName is not null)
        {
            parts.Add(Text(userName));
        }

        if (password is not null)
        {
            parts.Add(Text(password));
        }

        return Packet((byte)PacketType.Connect << 4, parts);
    }

    /// <summary>SUBSCRIBE to one filter, packet id 1.</summary>
    public static byte[] Subscribe(MqttVersion version, string filter, byte qos = 1) =>
        Packet(((byte)PacketType.Subscribe << 4) | 2, [[0, 1], NoProperties(version), Text(filter), [qos]]);

    /// <summary>A PUBLISH with QoS 0 whose payload is patched before each send.</summary>
    public static PublishTemplate PublishOnce(MqttVersion version, string topic, byte[] payload)
    {
        var packet = Packet((byte)PacketType.Publish << 4, [Text(topic), NoProperties(version), payload]);
        return new PublishTemplate(packet, 0, packet.Length - payload.Length);
    }

    /// <summary>A PUBLISH with QoS 1 whose packet id and payload are patched before each send.</summary>
    public static PublishTemplate Publish(MqttVersion version, string topic, byte[] payload, string? contentType)
    {
        const byte ContentType = 0x03;
        var properties = NoProperties(version);
        if (version == MqttVersion.V5 && contentType is not null)
        {
            var text = Text(contentType);
            properties = [(byte)(text.Length + 1), ContentType, .. text];
        }

        var packet = Packet(((byte)PacketType.Publish << 4) | 2, [Text(topic), [0, 0], properties, payload]);
        var payloadAt = packet.Length - payload.Length;
        return new PublishTemplate(packet, payloadAt - properties.Length - 2, payloadAt);
    }

    /// <summary>DISCONNECT, which also forgets the last will.</summary>
    public static ReadOnlySpan<byte> Disconnect => [(byte)PacketType.Disconnect << 4, 0];

    /// <summary>Writes PUBACK "success" and returns its length.</summary>
    public static int WritePubAck(Span<byte> target, ReadOnlySpan<byte> packetId)
    {
        target[0] = (byte)PacketType.PubAck << 4;
        target[1] = 2;
        packetId.CopyTo(target[2..]);
        return 4;
    }

    /// <summary>CONNACK "accepted", as a server sends it.</summary>
    public static byte[] ConnAck(MqttVersion version) =>
        Packet((byte)PacketType.ConnAck << 4, [[0, 0], NoProperties(version)]);

    private static byte[] NoProperties(MqttVersion version) => version == MqttVersion.V5 ? [0] : [];

    private static byte[] Text(string text)
    {
        var bytes = new byte[2 + Encoding.UTF8.GetByteCount(text)];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, checked((ushort)(bytes.Length - 2)));
        Encoding.UTF8.GetBytes(text, bytes.AsSpan(2));
        return bytes;
    }

    private static byte[] Packet(int first, IReadOnlyCollection<byte[]> parts)
    {
        var length = parts.Sum(part => part.Length);
        Span<byte> header = stackalloc byte[MaxHeader];
        header[0] = (byte)first;
        var used = 1;
        var rest = length;
        do
        {
            header[used++] = (byte)((rest & 0x7F) | (rest > 0x7F ? 0x80 : 0));
            rest >>= 7;
        }
        while (rest > 0);

        var packet = new byte[used + length];
        header[..used].CopyTo(packet);
        foreach (var part in parts)
        {
            part.CopyTo(packet, used);
            used += part.Length;
        }

        return packet;
    }
}
