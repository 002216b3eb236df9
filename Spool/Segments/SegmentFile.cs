using System.Numerics;
using Microsoft.Win32.SafeHandles;

namespace ArtMqtt.Spool.Segments;

/// <summary>Reads the groups of one segment file, a stretch of it at a time, and believes nothing unchecked.</summary>
internal sealed class SegmentFile : IDisposable
{
    private const int StretchBytes = 256 << 10;

    // Under load groups are larger than a stretch; a buffer for each of them would be work for the collector.
    private const int MaxKeptBytes = 4 << 20;

    private readonly SafeFileHandle _handle;
    private readonly uint _salt;
    private byte[] _stretch;
    private long _stretchStart;
    private int _stretchLength;

    private SegmentFile(SafeFileHandle handle, uint salt, byte[] buffer)
    {
        _handle = handle;
        _salt = salt;
        _stretch = buffer;
    }

    /// <summary>Opens a segment.</summary>
    /// <returns>Null when the file is gone or has no valid header, or that of another segment.</returns>
    public static SegmentFile? TryOpen(string path, long first)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var handle = File.OpenHandle(
            path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> bytes = stackalloc byte[SegmentHeader.Size];
        var read = ReadFully(handle, bytes, 0);
        if (SegmentHeader.TryRead(bytes[..read], out var header) && header.First == first)
        {
            return new SegmentFile(handle, header.Salt, new byte[StretchBytes]);
        }

        handle.Dispose();
        return null;
    }

    /// <summary>
    /// The group at an offset. Its records lie in a buffer that is replaced when <see cref="IsLoaded"/> is false for
    /// the next group asked for.
    /// </summary>
    /// <returns>False when there is no intact group.</returns>
    public bool TryRead(long offset, long limit, out GroupHeader header, out ReadOnlyMemory<byte> records)
    {
        records = default;
        if (!Load(offset, GroupHeader.Size, limit)
            || !GroupHeader.TryRead(Loaded(offset), _salt, out header)
            || !Load(offset, header.Length, limit)
            || !header.Matches(Loaded(offset).Slice(GroupHeader.Size, header.RecordBytes), _salt))
        {
            header = default;
            return false;
        }

        records = _stretch.AsMemory((int)(offset - _stretchStart) + GroupHeader.Size, header.RecordBytes);
        return true;
    }

    /// <summary>Whether the group at this offset can be read without replacing the buffer.</summary>
    public bool IsLoaded(long offset) =>
        Covers(offset, GroupHeader.Size)
        && GroupHeader.TryRead(Loaded(offset), _salt, out var header)
        && Covers(offset, header.Length);

    /// <summary>The next intact group that continues the numbers, behind damaged bytes.</summary>
    /// <returns>Its offset, or -1.</returns>
    public long Find(long from, long limit, long number)
    {
        for (var offset = from; Load(offset, GroupHeader.Size, limit);)
        {
            var found = Loaded(offset).IndexOf(GroupHeader.Magic);
            if (found < 0)
            {
                // The magic may lie across the border of two stretches.
                offset += Loaded(offset).Length - (GroupHeader.Magic.Length - 1);
                continue;
            }

            offset += found;
            if (TryRead(offset, limit, out var header, out _) && header.First >= number)
            {
                return offset;
            }

            offset++;
        }

        return -1;
    }

    /// <summary>Whether anything but zeros is in this part.</summary>
    public bool HasData(long from, long limit)
    {
        for (var offset = from; Load(offset, 1, limit); offset += Loaded(offset).Length)
        {
            if (Loaded(offset).ContainsAnyExcept((byte)0))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static int ReadFully(SafeFileHandle handle, Span<byte> target, long offset)
    {
        var total = 0;
        while (total < target.Length && RandomAccess.Read(handle, target[total..], offset + total) is > 0 and var read)
        {
            total += read;
        }

        return total;
    }

    private ReadOnlySpan<byte> Loaded(long offset)
    {
        var start = (int)(offset - _stretchStart);
        return _stretch.AsSpan(start, _stretchLength - start);
    }

    private bool Covers(long offset, int length) =>
        offset >= _stretchStart && offset + length <= _stretchStart + _stretchLength;

    private bool Load(long offset, int length, long limit)
    {
        if (offset + length > limit)
        {
            return false;
        }

        if (Covers(offset, length))
        {
            return true;
        }

        var wanted = (int)Math.Min(Math.Max(length, StretchBytes), limit - offset);
        if (wanted > _stretch.Length || (_stretch.Length > MaxKeptBytes && wanted <= StretchBytes))
        {
            _stretch = new byte[wanted <= StretchBytes ? StretchBytes : BitOperations.RoundUpToPowerOf2((uint)wanted)];
        }

        _stretchStart = offset;
        _stretchLength = ReadFully(_handle, _stretch.AsSpan(0, wanted), offset);
        return _stretchLength >= length;
    }
}
