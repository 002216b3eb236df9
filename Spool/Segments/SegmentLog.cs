using ArtMqtt.Spool.Commit;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.Spool.Segments;

/// <summary>The segments of one spool: appends to the newest, forgets the oldest.</summary>
/// <remarks>
/// A flush that failed is never repeated on the same file: the system may have marked the pages clean although they
/// never reached the medium. What was flushed before stays, the file ends there, and the next group opens a new one.
/// </remarks>
internal sealed partial class SegmentLog : IGroupLog, ISegments, IDisposable
{
    private const int MarksPerSegment = 512;

    private readonly Lock _lock = new();
    private readonly string _folder;
    private readonly long _segmentBytes;
    private readonly IDisk _disk;
    private readonly ILogger _logger;
    private readonly AcknowledgedFile _acknowledgedFile;
    private readonly EndFile? _endFile;
    private volatile bool _isAcknowledgedUnread;
    private readonly List<Segment> _segments;
    private TaskCompletionSource _appended = NewSignal();
    private SegmentWriter? _writer;
    private long _acknowledged;
    private long _last;
    private long _waitingBytes;

    /// <summary>Opens the log in a folder this process holds, and finds its end.</summary>
    /// <param name="folder">Where the segments are.</param>
    /// <param name="segmentBytes">When the next one is begun.</param>
    /// <param name="disk">Writes.</param>
    /// <param name="metrics">Counts damage.</param>
    /// <param name="logger">Tells of it.</param>
    /// <param name="isFollowed">Whether another process reads, and is told where the end is.</param>
    public SegmentLog(
        string folder, long segmentBytes, IDisk disk, SpoolMetrics metrics, ILogger logger, bool isFollowed = false)
    {
        _folder = folder;
        _segmentBytes = segmentBytes;
        _disk = disk;
        _logger = logger;
        _acknowledgedFile = new AcknowledgedFile(folder);
        _segments = Segment.FindAll(folder);
        _last = new SegmentRecovery(disk, metrics, logger, BytesPerMark).FindLast(_segments);
        _acknowledged = _acknowledgedFile.Read();
        if (_segments.Count > 0)
        {
            _acknowledged = Math.Max(_acknowledged, _segments[0].First - 1);
        }

        _last = Math.Max(_last, _acknowledged);
        Forget().ForEach(Delete);
        _endFile = isFollowed ? new EndFile(folder) : null;
        TellEnd();
        LogOpened(folder, _last - _acknowledged, _segments.Count, _acknowledged);
    }

    /// <summary>Number of the last durable record.</summary>
    public long Last => Interlocked.Read(ref _last);

    /// <inheritdoc/>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <inheritdoc/>
    public long WaitingBytes => Interlocked.Read(ref _waitingBytes);

    /// <summary>Records that are stored and not acknowledged.</summary>
    public long WaitingRecords
    {
        get
        {
            lock (_lock)
            {
                return _last - _acknowledged;
            }
        }
    }

    /// <summary>Completes with the next append.</summary>
    public Task Appended => Volatile.Read(ref _appended).Task;

    private long BytesPerMark => Math.Max(4 << 10, _segmentBytes / MarksPerSegment);

    /// <inheritdoc/>
    public long Append(AppendGroup group)
    {
        var first = _last + 1;
        try
        {
            var writer = WriterFor(first, group.Length);
            var end = writer.Append(group.Bytes, first, group.Appends.Count);
            lock (_lock)
            {
                if (writer.Segment.First == first)
                {
                    _segments.Add(writer.Segment);
                }

                writer.Segment.Extend(first, end, BytesPerMark);
                _waitingBytes += group.Length;
                Interlocked.Exchange(ref _last, first + group.Appends.Count - 1);
            }

            TellEnd();
            Interlocked.Exchange(ref _appended, NewSignal()).SetResult();
            return first;
        }
        catch
        {
            CloseWriter();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Probe()
    {
        // A writer is there only when the last commit succeeded.
        _writer ??= SegmentWriter.Create(_disk, _folder, _last + 1);
    }

    /// <summary>Everything up to this number may be forgotten.</summary>
    public void Acknowledge(long through)
    {
        if (Forget(through) is not { } finished)
        {
            return;
        }

        try
        {
            _acknowledgedFile.Write(through);
        }
        catch (IOException e)
        {
            LogAcknowledgeFailed(e, through);
        }

        finished.ForEach(Delete);
    }

    /// <summary>Forgets what another process has acknowledged.</summary>
    public void TakeAcknowledged()
    {
        try
        {
            Forget(Math.Min(_acknowledgedFile.Read(), Last))?.ForEach(Delete);
            _isAcknowledgedUnread = false;
        }
        catch (IOException e)
        {
            // Called by a timer, where an exception would end the process; the next look may succeed.
            if (!_isAcknowledgedUnread)
            {
                _isAcknowledgedUnread = true;
                LogAcknowledgedUnread(e);
            }
        }
    }

    // The segments that are finished now; null when nothing is new.
    private List<Segment>? Forget(long through)
    {
        lock (_lock)
        {
            if (through > _last)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(through), through, $"The newest record that was stored is {_last}.");
            }

            if (through <= _acknowledged)
            {
                return null;
            }

            Interlocked.Exchange(ref _acknowledged, through);
            return Forget();
        }
    }

    private void TellEnd()
    {
        var newest = _segments.Count > 0 ? _segments[^1] : null;
        _endFile?.Write(new SegmentsEnd(_last, newest?.First ?? 0, newest?.Length ?? 0));
    }

    /// <inheritdoc/>
    public SegmentView? Find(long number)
    {
        lock (_lock)
        {
            if (number > _last)
            {
                return null;
            }

            for (var i = 0; i < _segments.Count; i++)
            {
                var end = EndOf(i);
                if (number < end)
                {
                    var segment = _segments[i];
                    return new SegmentView(segment, segment.StartFor(number), segment.Length, end);
                }
            }

            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        CloseWriter();
        _acknowledgedFile.Dispose();
        _endFile?.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // One behind the last number of a segment: that of the next one, whatever the file contains.
    private long EndOf(int index) => index + 1 < _segments.Count ? _segments[index + 1].First : _last + 1;

    private SegmentWriter WriterFor(long first, int groupLength)
    {
        if (_writer is { Segment: var full } && full.GroupBytes > 0 && full.Length + groupLength > _segmentBytes)
        {
            CloseWriter();
        }

        return _writer ??= SegmentWriter.Create(_disk, _folder, first);
    }

    private void CloseWriter()
    {
        if (_writer is null)
        {
            return;
        }

        try
        {
            _writer.Trim();
        }
        catch (IOException e)
        {
            LogNotTrimmed(e, _writer.Segment.Path);
        }

        _writer.Dispose();
        if (_writer.Segment.GroupBytes == 0)
        {
            Delete(_writer.Segment);
        }

        _writer = null;
    }

    // Takes the finished segments out of the list, and counts what waits in the others.
    private List<Segment> Forget()
    {
        // The newest segment stays: its name and its records carry the numbers on.
        var count = 0;
        while (count + 1 < _segments.Count && _segments[count + 1].First - 1 <= _acknowledged)
        {
            count++;
        }

        var finished = _segments.GetRange(0, count);
        _segments.RemoveRange(0, count);
        var waiting = _segments.Sum(s => s.GroupBytes);
        if (_segments.Count > 0)
        {
            waiting -= _segments[0].BytesBefore(_acknowledged + 1, EndOf(0));
        }

        Interlocked.Exchange(ref _waitingBytes, waiting);
        return finished;
    }

    private void Delete(Segment segment)
    {
        try
        {
            File.Delete(segment.Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotDeleted(e, segment.Path);
        }
    }

    [LoggerMessage(LogLevel.Information,
        "Opened spool {Folder}: {Records} records wait in {Segments} segments behind number {Acknowledged}")]
    private partial void LogOpened(string folder, long records, int segments, long acknowledged);

    [LoggerMessage(LogLevel.Warning, "Could not keep that record {Through} is acknowledged; a restart would replay")]
    private partial void LogAcknowledgeFailed(Exception exception, long through);

    [LoggerMessage(LogLevel.Warning, "Could not read what another process has acknowledged; finished segments stay until that succeeds")]
    private partial void LogAcknowledgedUnread(Exception exception);

    [LoggerMessage(LogLevel.Warning, "Could not delete the finished segment {Path}; the next start will try again")]
    private partial void LogNotDeleted(Exception exception, string path);

    [LoggerMessage(LogLevel.Debug, "Could not trim the segment {Path}")]
    private partial void LogNotTrimmed(Exception exception, string path);
}
