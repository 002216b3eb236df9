using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace ArtMqtt.Broker.Mqtt.Wire;

/// <summary>
/// Reads the fields of a packet's body (MQTT 5, section 1.5). After the first fault it stays at the end and keeps that
/// fault, so a packet is read in one go and judged once.
/// </summary>
/// <param name="bytes">The body, or a part of it.</param>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>The first fault, or <see cref="ReasonCode.Success"/>.</summary>
    public ReasonCode Fault { get; private set; }

    /// <summary>Whether nothing is left.</summary>
    public readonly bool IsEnd => _rest.IsEmpty;

    /// <summary>How many bytes are left.</summary>
    public readonly int Left => _rest.Length;

    /// <summary>Notes a fault; the first one counts.</summary>
    public void Fail(ReasonCode fault)
    {
        Fault = Fault == ReasonCode.Success ? fault : Fault;
        _rest = default;
    }

    /// <summary>Fails when a rule is broken.</summary>
    public void Require(bool isKept, ReasonCode fault)
    {
        if (!isKept)
        {
            Fail(fault);
        }
    }

    /// <summary>The packet must end here.</summary>
    /// <returns>The first fault.</returns>
    public ReasonCode End()
    {
        Require(IsEnd, ReasonCode.MalformedPacket);
        return Fault;
    }

    /// <summary>One byte.</summary>
    public byte Byte() => Take(1) is [var value] ? value : (byte)0;

    /// <summary>Two bytes, the higher first.</summary>
    public ushort Number() => Take(2) is { Length: 2 } taken ? BinaryPrimitives.ReadUInt16BigEndian(taken) : (ushort)0;

    /// <summary>A packet identifier: two bytes, never zero.</summary>
    public ushort PacketId()
    {
        var id = Number();
        Require(id != 0, ReasonCode.MalformedPacket);
        return id;
    }

    /// <summary>Four bytes, the highest first.</summary>
    public uint LongNumber() => Take(4) is { Length: 4 } taken ? BinaryPrimitives.ReadUInt32BigEndian(taken) : 0;

    /// <summary>One to four bytes with seven bits each, the lowest first.</summary>
    public uint VariableNumber()
    {
        const int MostBytes = 4;
        var value = 0u;
        for (var i = 0; i < MostBytes; i++)
        {
            if (_rest.IsEmpty)
            {
                break;
            }

            var part = Byte();
            value |= (uint)(part & 0x7F) << (7 * i);
            if (part < 0x80)
            {
                return value;
            }
        }

        Fail(ReasonCode.MalformedPacket);
        return 0;
    }

    /// <summary>Bytes behind their two-byte length.</summary>
    public ReadOnlySpan<byte> Binary() => Take(Number());

    /// <summary>Text behind its two-byte length: well-formed UTF-8 without NUL (MQTT 5, section 1.5.4).</summary>
    public ReadOnlySpan<byte> Text()
    {
        var text = Binary();
        Require(!text.Contains((byte)0) && Utf8.IsValid(text), ReasonCode.MalformedPacket);
        return text;
    }

    /// <summary><see cref="Text"/> as a string.</summary>
    public string String()
    {
        var text = Text();
        return Fault == ReasonCode.Success ? Encoding.UTF8.GetString(text) : "";
    }

    /// <summary>The next bytes as a part of their own.</summary>
    public ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            Fail(ReasonCode.MalformedPacket);
            return default;
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
