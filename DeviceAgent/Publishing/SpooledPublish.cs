using System.Buffers.Binary;
using System.Text;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.DeviceAgent.Publishing;

/// <summary>
/// A publish as the spool keeps it: a version byte, the topic with its length, the payload as it will be sent. It names
/// its topic, so what was kept for one request is never published to the next.
/// </summary>
/// <param name="Topic">Where it goes.</param>
/// <param name="Payload">One position, or more of a batch.</param>
/// <param name="Boot">The start of the machine that its times count from, when the clock was not set; otherwise null.</param>
internal readonly record struct SpooledPublish(string Topic, byte[] Payload, string? Boot = null)
{
    private const byte Version = 1;

    // As version 1, with the boot in front of the topic, behind its length in one byte.
    private const byte SinceBootVersion = 2;

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
        var start = Boot is null ? 1 : 2 + Boot.Length;
        var topicLength = Encoding.UTF8.GetByteCount(Topic);
        var record = new byte[start + 2 + topicLength + Payload.Length];
        record[0] = Version;
        if (Boot is not null)
        {
            (record[0], record[1]) = (SinceBootVersion, checked((byte)Boot.Length));
            Encoding.ASCII.GetBytes(Boot, record.AsSpan(2));
        }

        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(start), checked((ushort)topicLength));
        Encoding.UTF8.GetBytes(Topic, record.AsSpan(start + 2));
        Payload.CopyTo(record.AsSpan(start + 2 + topicLength));
        return record;
    }

    /// <summary>Reads what <see cref="Encode"/> wrote; false when the bytes are something else.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> record, out SpooledPublish publish)
    {
        publish = default;
        if (record.Length < 3 || record[0] is not (Version or SinceBootVersion))
        {
            return false;
        }

        string? boot = null;
        var rest = record[1..];
        if (record[0] == SinceBootVersion)
        {
            if (rest.Length < 1 + rest[0] + 2)
            {
                return false;
            }

            boot = Encoding.ASCII.GetString(rest.Slice(1, rest[0]));
            rest = rest[(1 + rest[0])..];
        }

        var topicLength = BinaryPrimitives.ReadUInt16LittleEndian(rest);
        if (topicLength == 0 || rest.Length <= 2 + topicLength)
        {
            return false;
        }

        publish = new SpooledPublish(
            Encoding.UTF8.GetString(rest.Slice(2, topicLength)), rest[(2 + topicLength)..].ToArray(), boot);
        return true;
    }
}
