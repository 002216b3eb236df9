using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace ArtMqtt.Spool.Segments;

/// <summary>
/// Keeps the acknowledged number: 8 bytes and their CRC-32C, overwritten in place and not flushed. After a power cut
/// an older number costs a replay, which is harmless; a torn one counts as none.
/// </summary>
internal sealed class AcknowledgedFile(string folder) : IDisposable
{
    private const int Size = 12;

    private readonly SafeFileHandle _handle =
        Disk.OpenPrivate(Path.Combine(folder, "acknowledged"), FileMode.OpenOrCreate);

    private readonly byte[] _bytes = new byte[Size];

    /// <summary>The number kept, or 0.</summary>
    public long Read()
    {
        // Bytes of its own: it may be read while it is read.
        Span<byte> bytes = stackalloc byte[Size];
        var read = RandomAccess.Read(_handle, bytes, 0);
        return read == Size && Crc32C.Add(0, bytes[..8]) == BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..])
            ? Math.Max(0, BinaryPrimitives.ReadInt64LittleEndian(bytes))
            : 0;
    }

    /// <summary>Keeps a number.</summary>
    public void Write(long acknowledged)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_bytes, acknowledged);
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(8), Crc32C.Add(0, _bytes.AsSpan(0, 8)));
        RandomAccess.Write(_handle, _bytes, 0);
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();
}
