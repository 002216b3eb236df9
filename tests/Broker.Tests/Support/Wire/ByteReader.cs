using System.Buffers.Binary;
using System.Text;

namespace ArtMqtt.Broker.Tests.Support.Wire;

/// <summary>Takes a packet's body apart; a packet that ends too early fails the test.</summary>
internal sealed class ByteReader(ReadOnlyMemory<byte> bytes)
{
    private static readonly UTF8Encoding _strict = new(false, throwOnInvalidBytes: true);

    private int _position;

    public int Left => bytes.Length - _position;

    public byte Byte() => Take(1)[0];

    public ushort Short() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public uint Long() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    /// <summary>Reads a variable byte integer.</summary>
    public uint Variable()
    {
        uint value = 0;
        for (var shift = 0; shift < 28; shift += 7)
        {
            var next = Byte();
            value |= (uint)(next & 0x7F) << shift;
            if ((next & 0x80) == 0)
            {
                return value;
            }
        }

        throw new InvalidDataException("The broker sent a variable byte integer of more than four bytes.");
    }

    public string Text() => _strict.GetString(Take(Short()));

    public byte[] Binary() => Take(Short()).ToArray();

    /// <summary>The next bytes as a reader of their own.</summary>
    public ByteReader Part(int length)
    {
        Take(length);
        return new ByteReader(bytes.Slice(_position - length, length));
    }

    public byte[] Rest() => Take(Left).ToArray();

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > Left)
        {
            throw new InvalidDataException($"The broker sent a packet that ends {count - Left} bytes too early.");
        }

        _position += count;
        return bytes.Span.Slice(_position - count, count);
    }
}
