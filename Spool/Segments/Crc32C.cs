using System.Buffers.Binary;
using System.Numerics;

namespace ArtMqtt.Spool.Segments;

/// <summary>Castagnoli's checksum; the processor has an instruction for it.</summary>
internal static class Crc32C
{
    /// <summary>Continues a checksum over more bytes.</summary>
    public static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return crc;
    }
}
