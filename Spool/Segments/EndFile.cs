using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace ArtMqtt.Spool.Segments;

/// <summary>
/// Tells another process how far it may read: three numbers and their CRC-32C, overwritten in place after each commit and before
/// anybody is told that it succeeded. Not flushed: after a power cut the segments themselves are looked through.
/// </summary>
/// <remarks>What is behind the end may be overwritten, or belong to a commit that failed and whose numbers are given again.</remarks>
internal sealed class EndFile(string folder) : IDisposable
{
    private const int Numbers = 3 * sizeof(long);
    private const int Size = Numbers + sizeof(uint);

    private readonly SafeFileHandle _handle = Disk.OpenPrivate(Path.Combine(folder, "end"), FileMode.OpenOrCreate);
    private readonly byte[] _bytes = new byte[Size];

    /// <summary>What was told last; null when that was never, or is being written right now.</summary>
    public SegmentsEnd? Read() =>
        RandomAccess.Read(_handle, _bytes, 0) == Size
        && Crc32C.Add(0, _bytes.AsSpan(0, Numbers)) == BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(Numbers))
            ? new SegmentsEnd(
                BinaryPrimitives.ReadInt64LittleEndian(_bytes),
                BinaryPrimitives.ReadInt64LittleEndian(_bytes.AsSpan(sizeof(long))),
                BinaryPrimitives.ReadInt64LittleEndian(_bytes.AsSpan(2 * sizeof(long))))
            : null;

    /// <summary>Tells it.</summary>
    public void Write(SegmentsEnd end)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_bytes, end.Last);
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(sizeof(long)), end.NewestFirst);
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(2 * sizeof(long)), end.NewestLength);
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(Numbers), Crc32C.Add(0, _bytes.AsSpan(0, Numbers)));
        RandomAccess.Write(_handle, _bytes, 0);
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();
}
