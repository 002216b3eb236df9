using Microsoft.Extensions.Logging;

namespace ArtMqtt.Spool.Segments;

/// <summary>
/// Finds the end of a log at opening. Only the newest segment is read; the others end where the next begins and are
/// checked when they are read.
/// </summary>
internal sealed partial class SegmentRecovery(IDisk disk, SpoolMetrics metrics, ILogger logger, long bytesPerMark)
{
    /// <summary>Number of the last record. Segments without a record are taken out of the list.</summary>
    public long FindLast(List<Segment> segments)
    {
        var last = 0L;
        while (segments.Count > 0)
        {
            var newest = segments[^1];
            last = Math.Max(last, newest.First - 1);
            using (var file = SegmentFile.TryOpen(newest.Path, newest.First))
            {
                if (file is null)
                {
                    SetAside(newest);
                }
                else if (FindLast(newest, file) is > 0 and var found)
                {
                    MakeDurable(newest);
                    return Math.Max(last, found);
                }
            }

            segments.Remove(newest);
        }

        return last;
    }

    private long FindLast(Segment segment, SegmentFile file)
    {
        var fileLength = segment.Length;
        segment.CutTo(SegmentHeader.Size);
        var last = 0L;
        var offset = segment.Length;
        while (true)
        {
            if (!file.TryRead(offset, fileLength, out var header, out _))
            {
                offset = file.Find(offset, fileLength, Math.Max(segment.First, last + 1));
                if (offset < 0)
                {
                    break;
                }

                // Damage with intact groups behind it: the reader reports it when it gets there.
                continue;
            }

            last = header.Last;
            segment.CutTo(offset);
            segment.Extend(header.First, offset + header.Length, bytesPerMark);
            offset = segment.Length;
        }

        if (file.HasData(segment.Length, fileLength))
        {
            metrics.TornTail();
            LogTornTail(segment.Path, segment.Length, fileLength - segment.Length);
        }

        return last;
    }

    // What a killed process wrote and did not flush is still only in memory, and counts as stored from now on.
    private void MakeDurable(Segment segment)
    {
        using var handle = File.OpenHandle(
            segment.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        disk.Flush(handle);
    }

    private void SetAside(Segment segment)
    {
        if (!HasData(segment.Path))
        {
            return;
        }

        var path = segment.Path + ".damaged";
        File.Move(segment.Path, path, overwrite: true);
        LogSetAside(path);
    }

    // A crash while the file was created leaves nothing or zeros.
    private static bool HasData(string path)
    {
        using var stream = File.OpenRead(path);
        stream.Position = SegmentHeader.Size;
        var buffer = new byte[64 << 10];
        while (stream.Read(buffer) is > 0 and var read)
        {
            if (buffer.AsSpan(0, read).ContainsAnyExcept((byte)0))
            {
                return true;
            }
        }

        return false;
    }

    [LoggerMessage(LogLevel.Warning,
        "{Path} ends in an incomplete group at offset {Offset} ({Bytes} bytes are not read): what a crash during a "
        + "commit leaves, and nothing that was acknowledged unless the disk damaged it")]
    private partial void LogTornTail(string path, long offset, long bytes);

    [LoggerMessage(LogLevel.Error, "The newest segment has no valid header. It is kept as {Path} and not read")]
    private partial void LogSetAside(string path);
}
