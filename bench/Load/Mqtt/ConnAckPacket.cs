using System.Buffers.Binary;

namespace ArtMqtt.Load.Mqtt;

/// <summary>The server's answer to CONNECT.</summary>
/// <param name="ReasonCode">0 when accepted.</param>
/// <param name="ReceiveMaximum">Most publishes in flight the server takes (MQTT 5; 65,535 when it does not say).</param>
internal readonly record struct ConnAckPacket(byte ReasonCode, ushort ReceiveMaximum)
{
    private const byte ReceiveMaximumId = 0x21;

    /// <summary>Reads the body of a CONNACK.</summary>
    /// <exception cref="InvalidDataException">The packet is too short.</exception>
    public static ConnAckPacket Parse(ReadOnlySpan<byte> body)
    {
        if (body.Length < 2)
        {
            throw new InvalidDataException("CONNACK has less than two bytes.");
        }

        return new ConnAckPacket(body[1], body.Length > 3 ? FindReceiveMaximum(body[3..]) : ushort.MaxValue);
    }

    // Property lengths by identifier; only what may stand in CONNACK. Its properties are below 128 bytes in practice;
    // a longer or unknown one ends the search and leaves the default, which the server then enforces.
    private static ushort FindReceiveMaximum(ReadOnlySpan<byte> properties)
    {
        while (properties.Length >= 2)
        {
            var value = properties[1..];
            var length = properties[0] switch
            {
                0x24 or 0x25 or 0x28 or 0x29 or 0x2A => 1,
                ReceiveMaximumId or 0x22 or 0x13 => 2,
                0x11 or 0x27 => 4,
                0x12 or 0x1A or 0x1C or 0x1F or 0x15 or 0x16 when value.Length >= 2 =>
                    2 + BinaryPrimitives.ReadUInt16BigEndian(value),
                _ => int.MaxValue,
            };
            if (length > value.Length)
            {
                break;
            }

            if (properties[0] == ReceiveMaximumId)
            {
                return BinaryPrimitives.ReadUInt16BigEndian(value);
            }

            properties = value[length..];
        }

        return ushort.MaxValue;
    }
}
