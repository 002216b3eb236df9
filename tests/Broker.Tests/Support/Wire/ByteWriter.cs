using System.Buffers.Binary;
using System.Text;

namespace ArtMqtt.Broker.Tests.Support.Wire;

/// <summary>Puts a packet's body together, field by field; checks nothing.</summary>
internal sealed class ByteWriter
{
    private readonly List<byte> _bytes = [];

    public ByteWriter Byte(byte value)
    {
        _bytes.Add(value);
        return this;
    }

    public ByteWriter Short(ushort value)
    {
        Span<byte> two = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(two, value);
        _bytes.AddRange(two);
        return this;
    }

    public ByteWriter Long(uint value)
    {
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(four, value);
        _bytes.AddRange(four);
        return this;
    }

    /// <summary>Writes a variable byte integer.</summary>
    public ByteWriter Variable(uint value)
    {
        do
        {
            _bytes.Add((byte)((value & 0x7F) | (value > 0x7F ? 0x80u : 0u)));
            value >>= 7;
        }
        while (value > 0);
        return this;
    }

    public ByteWriter Text(string value) => Binary(Encoding.UTF8.GetBytes(value));

    /// <summary>Writes the length and the bytes.</summary>
    public ByteWriter Binary(byte[] value) => Short((ushort)value.Length).Raw(value);

    public ByteWriter Raw(byte[] value)
    {
        _bytes.AddRange(value);
        return this;
    }

    public byte[] ToArray() => [.. _bytes];
}
