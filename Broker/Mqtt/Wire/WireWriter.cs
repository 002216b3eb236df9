using System.Buffers.Binary;
using System.Text;

namespace ArtMqtt.Broker.Mqtt.Wire;

/// <summary>Writes the fields of a packet; for packets that are sent seldom, it grows as it needs.</summary>
internal sealed class WireWriter
{
    private byte[] _bytes = new byte[64];
    private int _length;

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>One byte.</summary>
    public WireWriter Byte(byte value)
    {
        Reserve(1)[0] = value;
        return this;
    }

    /// <summary>Two bytes, the higher first.</summary>
    public WireWriter Number(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(Reserve(2), value);
        return this;
    }

    /// <summary>Four bytes, the highest first.</summary>
    public WireWriter LongNumber(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Reserve(4), value);
        return this;
    }

    /// <summary>One to four bytes with seven bits each, the lowest first.</summary>
    public WireWriter VariableNumber(uint value)
    {
        Span<byte> bytes = stackalloc byte[VariableNumbers.MaxBytes];
        return Raw(bytes[..VariableNumbers.Write(bytes, value)]);
    }

    /// <summary>UTF-8 behind its two-byte length.</summary>
    public WireWriter Text(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        return Number((ushort)bytes.Length).Raw(bytes);
    }

    /// <summary>Bytes as they are.</summary>
    public WireWriter Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        return this;
    }

    /// <summary>A property with two bytes, when there is a value.</summary>
    public WireWriter Property(PropertyId id, ushort? value) => value is { } number ? Byte((byte)id).Number(number) : this;

    /// <summary>A property with four bytes, when there is a value.</summary>
    public WireWriter Property(PropertyId id, uint? value) => value is { } number ? Byte((byte)id).LongNumber(number) : this;

    /// <summary>A property with a text, when there is one.</summary>
    public WireWriter Property(PropertyId id, string? value) => value is { } text ? Byte((byte)id).Text(text) : this;

    /// <summary>A whole packet: this as its body behind a fixed header.</summary>
    /// <param name="header">First byte.</param>
    public byte[] ToPacket(byte header)
    {
        Span<byte> length = stackalloc byte[VariableNumbers.MaxBytes];
        var lengthBytes = VariableNumbers.Write(length, (uint)_length);
        var packet = new byte[1 + lengthBytes + _length];
        packet[0] = header;
        length[..lengthBytes].CopyTo(packet.AsSpan(1));
        Written.CopyTo(packet.AsSpan(1 + lengthBytes));
        return packet;
    }

    private Span<byte> Reserve(int count)
    {
        if (_length + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + count));
        }

        _length += count;
        return _bytes.AsSpan(_length - count, count);
    }
}
