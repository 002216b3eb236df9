using System.Globalization;

namespace ArtMqtt.Spool.Segments;

/// <summary>One file of the log: consecutive groups, named by the number of the first record.</summary>
/// <remarks>
/// It ends at <see cref="Length"/>, and in any case where the next segment begins: what a failed commit left behind
/// its end never counts. Changed only under the lock of <see cref="SegmentLog"/>.
/// </remarks>
internal sealed class Segment(string path, long first, long length)
{
    private const string Extension = ".spool";

    // Where some of the groups start, to find a number without reading the file from its start.
    private readonly List<(long Number, long Offset)> _marks = [(first, SegmentHeader.Size)];

    /// <summary>Full path of the file.</summary>
    public string Path { get; } = path;

    /// <summary>Number of the first record.</summary>
    public long First { get; } = first;

    /// <summary>Durable bytes.</summary>
    public long Length { get; private set; } = length;

    /// <summary>Bytes of groups.</summary>
    public long GroupBytes => Length - SegmentHeader.Size;

    /// <summary>The name for a segment that starts with this number.</summary>
    public static string PathFor(string folder, long first) =>
        System.IO.Path.Combine(folder, first.ToString("D19", CultureInfo.InvariantCulture) + Extension);

    /// <summary>The segments in a folder, oldest first.</summary>
    public static List<Segment> FindAll(string folder) =>
    [
        .. new DirectoryInfo(folder).EnumerateFiles("*" + Extension)
            .Select(f => (File: f, Name: System.IO.Path.GetFileNameWithoutExtension(f.Name)))
            .Where(f => long.TryParse(f.Name, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Select(f => new Segment(f.File.FullName, long.Parse(f.Name, CultureInfo.InvariantCulture), f.File.Length))
            .OrderBy(s => s.First),
    ];

    /// <summary>A group was found or committed at the end.</summary>
    public void Extend(long number, long length, long bytesPerMark)
    {
        if (Length - _marks[^1].Offset >= bytesPerMark)
        {
            _marks.Add((number, Length));
        }

        Length = length;
    }

    /// <summary>Forgets what is behind this offset.</summary>
    public void CutTo(long length) => Length = length;

    /// <summary>The last known start of a group at or before the one with this number.</summary>
    public long StartFor(long number)
    {
        var index = _marks.FindLastIndex(m => m.Number <= number);
        return index < 0 ? SegmentHeader.Size : _marks[index].Offset;
    }

    /// <summary>
    /// Bytes of the groups before this number, exact at both ends of the segment and estimated between two marks.
    /// </summary>
    public long BytesBefore(long number, long end)
    {
        if (number <= First)
        {
            return 0;
        }

        if (number >= end)
        {
            return GroupBytes;
        }

        var index = _marks.FindLastIndex(m => m.Number <= number);
        var (fromNumber, fromOffset) = _marks[index];
        var (toNumber, toOffset) = index + 1 < _marks.Count ? _marks[index + 1] : (end, Length);
        var share = (double)(number - fromNumber) / Math.Max(1, toNumber - fromNumber);
        return fromOffset - SegmentHeader.Size + (long)((toOffset - fromOffset) * share);
    }
}
