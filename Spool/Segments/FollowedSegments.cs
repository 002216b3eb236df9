namespace ArtMqtt.Spool.Segments;

/// <summary>The segments that another process writes, as far as it says that they are durable.</summary>
internal sealed class FollowedSegments : ISegments, IDisposable
{
    private readonly Lock _lock = new();
    private readonly string _folder;
    private readonly EndFile _endFile;
    private readonly AcknowledgedFile _acknowledgedFile;
    private List<Segment> _segments = [];
    private SegmentsEnd _end;
    private long _acknowledged;

    public FollowedSegments(string folder)
    {
        _folder = folder;
        _endFile = new EndFile(folder);
        _acknowledgedFile = new AcknowledgedFile(folder);
        _acknowledged = _acknowledgedFile.Read();
        if (Segment.FindAll(folder) is [var oldest, ..])
        {
            _acknowledged = Math.Max(_acknowledged, oldest.First - 1);
        }
    }

    /// <inheritdoc/>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>Records that wait, and about how many bytes.</summary>
    public (long Records, long Bytes) Waiting
    {
        get
        {
            lock (_lock)
            {
                Look();
                var bytes = _segments.Select((segment, i) =>
                    segment.GroupBytes - segment.BytesBefore(_acknowledged + 1, EndOf(i))).Sum();
                return (Math.Max(0, _end.Last - _acknowledged), Math.Max(0, bytes));
            }
        }
    }

    /// <inheritdoc/>
    public SegmentView? Find(long number)
    {
        lock (_lock)
        {
            Look();
            for (var i = 0; i < _segments.Count && number <= _end.Last; i++)
            {
                if (number < EndOf(i))
                {
                    var segment = _segments[i];
                    return new SegmentView(segment, segment.StartFor(number), segment.Length, EndOf(i));
                }
            }

            return null;
        }
    }

    /// <summary>Everything up to this number may be forgotten, which the other process does.</summary>
    public void Acknowledge(long through)
    {
        lock (_lock)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(through, _end.Last);
            if (through > _acknowledged)
            {
                Interlocked.Exchange(ref _acknowledged, through);
                _acknowledgedFile.Write(through);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _endFile.Dispose();
        _acknowledgedFile.Dispose();
    }

    private long EndOf(int index) => index + 1 < _segments.Count ? _segments[index + 1].First : _end.Last + 1;

    private void Look()
    {
        if (_endFile.Read() is not { } end || end.Last <= _end.Last)
        {
            return;
        }

        if (end.NewestFirst != _end.NewestFirst)
        {
            // The ones that are known already know where their groups are. One that is not told of yet has no record.
            var known = _segments.ToDictionary(segment => segment.First);
            _segments = [.. Segment.FindAll(_folder).Where(s => s.First <= end.NewestFirst).Select(s => Update(known, s))];
        }

        _end = end;
        if (_segments is [.., var newest] && newest.First == end.NewestFirst)
        {
            newest.CutTo(end.NewestLength);
        }
    }

    private static Segment Update(Dictionary<long, Segment> known, Segment found)
    {
        if (!known.TryGetValue(found.First, out var segment))
        {
            return found;
        }

        segment.CutTo(found.Length);
        return segment;
    }
}
