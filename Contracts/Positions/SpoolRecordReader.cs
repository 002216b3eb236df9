using System.Buffers.Binary;
using System.Text;

namespace ArtMqtt.Contracts.Positions;

/// <summary>Reads the fields of a spool record. Beyond its end it throws <see cref="ArgumentOutOfRangeException"/>.</summary>
internal ref struct SpoolRecordReader(ReadOnlySpan<byte> source)
{
    private ReadOnlySpan<byte> _rest = source;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public byte Byte() => Next(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Next(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Next(4));

    public float Single() => BinaryPrimitives.ReadSingleLittleEndian(Next(4));

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Next(8));

    public Guid? Id()
    {
        var id = new Guid(Next(16));
        return id == Guid.Empty ? null : id;
    }

    public DateTimeOffset Time() =>
        DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(Next(8)));

    public string ShortText() => Encoding.UTF8.GetString(ShortBytes());

    public string Text() => Encoding.UTF8.GetString(Next(UInt16()));

    public byte[] Rest() => Next(_rest.Length).ToArray();

    public ReadOnlySpan<byte> ShortBytes() => Next(Byte());

    private ReadOnlySpan<byte> Next(int count)
    {
        var next = _rest[..count];
        _rest = _rest[count..];
        return next;
    }
}
