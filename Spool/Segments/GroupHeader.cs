using System.Buffers.Binary;
using ArtMqtt.Spool.Commit;

namespace ArtMqtt.Spool.Segments;

/// <summary>
/// What stands before the records of a group, little-endian: magic (4 bytes), bytes of records (4), first number (8),
/// count (4), zero (4), CRC-32C of the records (4), CRC-32C of the header before it (4). Both start from the salt.
/// </summary>
/// <param name="First">Number of the first record.</param>
/// <param name="Count">Number of records.</param>
/// <param name="RecordBytes">Bytes behind the header.</param>
/// <param name="RecordsCrc">Checksum of these bytes.</param>
internal readonly record struct GroupHeader(long First, int Count, int RecordBytes, uint RecordsCrc)
{
    /// <summary>Bytes of a header.</summary>
    public const int Size = AppendGroup.HeaderSpace;

    /// <summary>"GRP1"; the first byte tells it from zeros.</summary>
    public static ReadOnlySpan<byte> Magic => "GRP1"u8;

    /// <summary>Number of the last record.</summary>
    public long Last => First + Count - 1;

    /// <summary>Bytes with the header.</summary>
    public int Length => Size + RecordBytes;

    /// <summary>Completes a group: writes the header into its first bytes.</summary>
    public static void Seal(Span<byte> group, long first, int count, uint salt)
    {
        var header = group[..Size];
        header.Clear();
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], group.Length - Size);
        BinaryPrimitives.WriteInt64LittleEndian(header[8..], first);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], count);
        BinaryPrimitives.WriteUInt32LittleEndian(header[24..], Crc32C.Add(salt, group[Size..]));
        BinaryPrimitives.WriteUInt32LittleEndian(header[28..], Crc32C.Add(salt, header[..28]));
    }

    /// <summary>Reads a header; the records are checked with <see cref="Matches"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, uint salt, out GroupHeader header)
    {
        header = default;
        if (source.Length < Size
            || !source.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(source[28..]) != Crc32C.Add(salt, source[..28]))
        {
            return false;
        }

        header = new GroupHeader(
            BinaryPrimitives.ReadInt64LittleEndian(source[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[4..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[24..]));
        return header.Count > 0 && header.RecordBytes > 0;
    }

    /// <summary>Whether these are the records that were written.</summary>
    public bool Matches(ReadOnlySpan<byte> records, uint salt) => Crc32C.Add(salt, records) == RecordsCrc;
}
