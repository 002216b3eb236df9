using System.Buffers.Binary;
using System.Text;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.DeviceAgent.Publishing;

/// <summary>
/// A publish as the spool keeps it: a version byte, the topic with its length, the payload as it will be sent. It names
/// its topic, so what was kept for one request is never published to the next.
/// </summary>
internal readonly record struct SpooledPublish(string Topic, byte[] Payload)
{
    private const byte Version = 1;

    /// <summary>Format of the payload, which the first byte tells.</summary>
    public PositionFormat Format => Payload[0] is (byte)'{' or (byte)'[' ? PositionFormat.Json : PositionFormat.Protobuf;

    /// <summary>MQTT 5 content type of the payload.</summary>
    public string ContentType =>
        Format == PositionFormat.Json ? PositionCodec.JsonContentType : PositionCodec.ProtobufContentType;

    /// <summary>Whether both may be one message.</summary>
    public bool GoesWith(in SpooledPublish other) => Topic == other.Topic && Format == other.Format;

    /// <summary>The bytes for the spool.</summary>
    public byte[] Encode()
    {
        var topicLength = Encoding.UTF8.GetByteCount(Topic);
        var record = new byte[3 + topicLength + Payload.Length];
        record[0] = Version;
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(1), checked((ushort)topicLength));
        Encoding.UTF8.GetBytes(Topic, record.AsSpan(3));
        Payload.CopyTo(record.AsSpan(3 + topicLength));
        return record;
    }

    /// <summary>Reads what <see cref="Encode"/> wrote; false when the bytes are something else.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> record, out SpooledPublish publish)
    {
        publish = default;
        if (record.Length < 3 || record[0] != Version)
        {
            return false;
        }

        var topicLength = BinaryPrimitives.ReadUInt16LittleEndian(record[1..]);
        if (topicLength == 0 || record.Length <= 3 + topicLength)
        {
            return false;
        }

        var topic = Encoding.UTF8.GetString(record.Slice(3, topicLength));
        publish = new SpooledPublish(topic, record[(3 + topicLength)..].ToArray());
        return true;
    }
}
