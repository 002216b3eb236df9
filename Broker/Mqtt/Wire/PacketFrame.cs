using System.Buffers;

namespace ArtMqtt.Broker.Mqtt.Wire;

/// <summary>What the bytes at the front of a connection are.</summary>
internal enum PacketFrame
{
    /// <summary>The beginning of a packet; the rest is not here yet.</summary>
    Incomplete,

    /// <summary>At least one whole packet.</summary>
    Complete,

    /// <summary>The packet announces more bytes than allowed.</summary>
    TooLarge,

    /// <summary>The remaining length takes more than four bytes.</summary>
    BadLength,

    /// <summary>The first packet of a connection is no CONNECT: another protocol, or garbage.</summary>
    NotConnect,

    /// <summary>The connection ended in the middle of a packet.</summary>
    Torn,
}

/// <summary>Reads the fixed header of MQTT packets (MQTT 5, section 2.1): type, flags and remaining length.</summary>
internal static class PacketFrames
{
    private const byte ConnectHeader = 0x10;
    private const int MaxLengthBytes = 4;

    /// <summary>Takes the packet in front, judged by its announced length before anything is allocated for it.</summary>
    /// <param name="buffer">What was received and not consumed; moves behind the packet when it is complete.</param>
    /// <param name="maxBytes">Most bytes of a packet with its header.</param>
    /// <param name="mustBeConnect">Whether only CONNECT is allowed.</param>
    /// <param name="header">First byte: type and flags.</param>
    /// <param name="body">What follows the fixed header.</param>
    public static PacketFrame Take(
        ref ReadOnlySequence<byte> buffer, int maxBytes, bool mustBeConnect, out byte header,
        out ReadOnlySequence<byte> body)
    {
        body = default;
        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryRead(out header))
        {
            return PacketFrame.Incomplete;
        }

        if (mustBeConnect && header != ConnectHeader)
        {
            return PacketFrame.NotConnect;
        }

        var length = 0L;
        for (var i = 0; i < MaxLengthBytes; i++)
        {
            if (!reader.TryRead(out var part))
            {
                return PacketFrame.Incomplete;
            }

            length |= (long)(part & 0x7F) << (7 * i);
            if (part < 0x80)
            {
                return Cut(ref buffer, reader.Consumed, length, maxBytes, out body);
            }
        }

        return PacketFrame.BadLength;
    }

    private static PacketFrame Cut(
        ref ReadOnlySequence<byte> buffer, long headerLength, long length, int maxBytes, out ReadOnlySequence<byte> body)
    {
        body = default;
        var total = headerLength + length;
        if (total > maxBytes)
        {
            return PacketFrame.TooLarge;
        }

        if (buffer.Length < total)
        {
            return PacketFrame.Incomplete;
        }

        body = buffer.Slice(headerLength, length);
        buffer = buffer.Slice(total);
        return PacketFrame.Complete;
    }
}
