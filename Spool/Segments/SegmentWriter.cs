using Microsoft.Win32.SafeHandles;

namespace ArtMqtt.Spool.Segments;

/// <summary>Writes groups to the end of a new segment file and flushes each.</summary>
/// <remarks>
/// Small groups overwrite zeros that were written ahead: then a flush touches the data alone and not the file system's
/// journal, which halves its time (docs/adr/0001). Large groups simply extend the file.
/// </remarks>
internal sealed class SegmentWriter : IDisposable
{
    private const int AheadBytes = 256 << 10;
    private const int SmallGroup = 32 << 10;

    private static readonly byte[] _zeros = new byte[AheadBytes];

    private readonly IDisk _disk;
    private readonly SafeFileHandle _handle;
    private readonly uint _salt;
    private long _ahead;

    private SegmentWriter(IDisk disk, SafeFileHandle handle, Segment segment, uint salt)
    {
        _disk = disk;
        _handle = handle;
        _salt = salt;
        Segment = segment;
        _ahead = segment.Length;
    }

    /// <summary>The segment that grows.</summary>
    public Segment Segment { get; }

    /// <summary>Creates a segment; it is durable, name and all, when this returns.</summary>
    public static SegmentWriter Create(IDisk disk, string folder, long first)
    {
        var path = Segment.PathFor(folder, first);
        // The first bytes of a new Guid are the system's own randomness, for which no OpenSSL is loaded: devices that use
        // no TLS need none, and have 3 MB more.
        var salt = BitConverter.ToUInt32(Guid.NewGuid().ToByteArray());
        var handle = disk.Create(path);
        try
        {
            var bytes = new byte[SegmentHeader.Size];
            new SegmentHeader(first, salt).Write(bytes);
            disk.Write(handle, bytes, 0);
            var writer = new SegmentWriter(disk, handle, new Segment(path, first, bytes.Length), salt);
            writer.WriteAhead();
            disk.Flush(handle);
            disk.FlushFolder(folder);
            return writer;
        }
        catch
        {
            handle.Dispose();
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Completes the group's header, writes it behind the segment's end and flushes it.</summary>
    /// <returns>The new end.</returns>
    public long Append(Span<byte> group, long first, int count)
    {
        var end = Segment.Length + group.Length;
        if (end > _ahead && group.Length <= SmallGroup)
        {
            WriteAhead();
        }

        GroupHeader.Seal(group, first, count, _salt);
        _disk.Write(_handle, group, Segment.Length);
        _disk.Flush(_handle);
        _ahead = Math.Max(_ahead, end);
        return end;
    }

    /// <summary>Gives back what is behind the segment's end.</summary>
    public void Trim() => RandomAccess.SetLength(_handle, Segment.Length);

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private void WriteAhead()
    {
        // A small group never reaches behind what this adds.
        _disk.Write(_handle, _zeros, _ahead);
        _ahead += AheadBytes;
    }
}
