using System.Buffers.Binary;
using ArtMqtt.Spool.Commit;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.Spool.Segments;

/// <summary>
/// Reads durable records in order; goes on where it stood, or finds its place again. One caller at a time.
/// </summary>
/// <remarks>
/// Always from the file: what was just written is in the system's cache, so a reader that keeps up costs no disk
/// access, and memory stays bounded by one stretch. Numbers are consecutive, so whatever damage leaves out is noticed.
/// </remarks>
internal sealed partial class SegmentReader(ISegments log, SpoolMetrics metrics, ILogger logger) : IDisposable
{
    private readonly List<ReadOnlyMemory<byte>> _batch = [];
    private Segment? _segment;
    private SegmentFile? _file;
    private long _offset;
    private ReadOnlyMemory<byte> _rest;
    private long _next = -1;
    private long _reported;

    /// <summary>
    /// The next records behind a number. The batch may be empty when they are damaged; then
    /// <see cref="SpoolBatch.First"/> tells where to go on.
    /// </summary>
    public SpoolBatch Read(long after, int maxRecords)
    {
        _batch.Clear();
        if (after + 1 != _next)
        {
            Seek(after + 1);
        }

        while (_rest.IsEmpty)
        {
            if (!OpenGroup())
            {
                return new SpoolBatch(_next, _batch);
            }
        }

        var first = _next;
        while (_batch.Count < maxRecords)
        {
            if (_rest.IsEmpty && !OpenLoadedGroup())
            {
                break;
            }

            _batch.Add(TakeRecord());
        }

        return new SpoolBatch(first, _batch);
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private void Seek(long number)
    {
        CloseFile();
        _next = Math.Max(number, 1);
    }

    // Moves to the group that contains the next number, over whatever is damaged.
    private bool OpenGroup()
    {
        while (log.Find(_next) is { } view)
        {
            if (view.Segment != _segment)
            {
                Enter(view);
            }

            if (_file is null)
            {
                Miss(view.End, view.Segment);
                continue;
            }

            if (!_file.TryRead(_offset, view.Limit, out var header, out var records))
            {
                var found = _offset < view.Limit ? _file.Find(_offset, view.Limit, _next) : -1;
                _offset = found < 0 ? view.Limit : found;
                if (found < 0)
                {
                    Miss(view.End, view.Segment);
                }

                continue;
            }

            if (header.First >= view.End)
            {
                // Left over from a commit that failed before the next segment was begun.
                Miss(view.End, view.Segment);
                continue;
            }

            _offset += header.Length;
            if (header.Last < _next)
            {
                continue;
            }

            if (header.First > _next)
            {
                Miss(header.First, view.Segment);
            }

            _rest = records;
            for (var number = header.First; number < _next; number++)
            {
                Skip();
            }

            return true;
        }

        return false;
    }

    // Moves to the next group only when that leaves the records of this batch where they are.
    private bool OpenLoadedGroup()
    {
        if (log.Find(_next) is not { } view
            || view.Segment != _segment
            || !_file!.IsLoaded(_offset)
            || !_file.TryRead(_offset, view.Limit, out var header, out var records)
            || header.First != _next)
        {
            return false;
        }

        _offset += header.Length;
        _rest = records;
        return true;
    }

    private void Enter(SegmentView view)
    {
        CloseFile();
        _segment = view.Segment;
        _file = SegmentFile.TryOpen(view.Segment.Path, view.Segment.First);
        _offset = view.Start;
        if (_next < view.Segment.First)
        {
            Miss(view.Segment.First, view.Segment);
        }
    }

    private void Miss(long number, Segment segment)
    {
        if (number > _next && number > _reported)
        {
            // Below the first segment everything is acknowledged and deleted, not lost.
            var from = Math.Max(_next, Math.Max(_reported, log.Acknowledged + 1));
            if (from < number)
            {
                metrics.Damaged(number - from);
                LogDamaged(segment.Path, from, number - 1);
            }

            _reported = number;
        }

        _next = Math.Max(_next, number);
    }

    private ReadOnlyMemory<byte> TakeRecord()
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(_rest.Span);
        var record = _rest.Slice(AppendGroup.RecordHeader, length);
        _rest = _rest[(AppendGroup.RecordHeader + length)..];
        _next++;
        return record;
    }

    private void Skip()
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(_rest.Span);
        _rest = _rest[(AppendGroup.RecordHeader + length)..];
    }

    private void CloseFile()
    {
        _file?.Dispose();
        _file = null;
        _segment = null;
        _rest = default;
    }

    [LoggerMessage(LogLevel.Error,
        "{Path} is damaged: the records {From} to {Through} were stored and cannot be read any more")]
    private partial void LogDamaged(string path, long from, long through);
}
