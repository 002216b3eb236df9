using System.Buffers.Binary;

namespace ArtMqtt.Spool.Segments;

/// <summary>
/// The start of a segment file, little-endian: magic (8 bytes), version (4), salt (4), first number (8), zero (4),
/// CRC-32C of all that (4).
/// </summary>
/// <param name="First">Number of the first record.</param>
/// <param name="Salt">
/// Random; goes into every checksum of the file, so that neither old blocks nor a record that looks like a group are
/// ever taken for a group of this file.
/// </param>
internal readonly record struct SegmentHeader(long First, uint Salt)
{
    /// <summary>Bytes of a header.</summary>
    public const int Size = 32;

    private const int Version = 1;

    private static ReadOnlySpan<byte> Magic => "ARTSPOOL"u8;

    /// <summary>Writes <see cref="Size"/> bytes.</summary>
    public void Write(Span<byte> target)
    {
        target[..Size].Clear();
        Magic.CopyTo(target);
        BinaryPrimitives.WriteInt32LittleEndian(target[8..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(target[12..], Salt);
        BinaryPrimitives.WriteInt64LittleEndian(target[16..], First);
        BinaryPrimitives.WriteUInt32LittleEndian(target[28..], Crc32C.Add(0, target[..28]));
    }

    /// <summary>Reads a header.</summary>
    /// <returns>False when these bytes are none, or of a version this program does not know.</returns>
    public static bool TryRead(ReadOnlySpan<byte> source, out SegmentHeader header)
    {
        header = default;
        if (source.Length < Size
            || !source.StartsWith(Magic)
            || BinaryPrimitives.ReadInt32LittleEndian(source[8..]) != Version
            || BinaryPrimitives.ReadUInt32LittleEndian(source[28..]) != Crc32C.Add(0, source[..28]))
        {
            return false;
        }

        header = new SegmentHeader(
            BinaryPrimitives.ReadInt64LittleEndian(source[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[12..]));
        return true;
    }
}
