using System.Buffers;
using ArtMqtt.Contracts.Devices;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Positions;

namespace ArtMqtt.Ingest;

/// <summary>
/// Consecutive spool records, decoded and ready to be written. Used again and again: what it holds is copied from the
/// spool into memory it keeps. Not thread-safe.
/// </summary>
/// <param name="lanes">Writers that work at the same time; the positions of a device all go to one.</param>
internal sealed class IngestBatch(int lanes)
{
    private readonly ArrayBufferWriter<byte> _bytes = new(64 << 10);
    private readonly List<(int Start, int Length)> _records = [];

    /// <summary>Number of the last record; acknowledged when everything here is stored.</summary>
    public long Last { get; private set; }

    /// <summary>Records in it.</summary>
    public int Records { get; private set; }

    /// <summary>Positions in it, doubles included.</summary>
    public int Positions { get; private set; }

    /// <summary>When the newest publish arrived, or null when there is none.</summary>
    public DateTimeOffset? ReceivedAt { get; private set; }

    /// <summary>What goes to the positions, for each writer.</summary>
    public IReadOnlyList<IngestLane> Lanes { get; } = [.. Enumerable.Range(0, lanes).Select(_ => new IngestLane())];

    /// <summary>What goes to the positions with an impossible clock.</summary>
    public IngestLane Suspect { get; } = new();

    /// <summary>What goes to the dead letters, before what the database refuses.</summary>
    public List<RejectedPayload> Rejected { get; } = [];

    /// <summary>What happened to devices.</summary>
    public List<DeviceEvent> Events { get; } = [];

    /// <summary>How many of all dead letters are stored.</summary>
    public int Kept { get; set; }

    /// <summary>Positions left out by <see cref="Seal"/>, because the batch had them twice.</summary>
    public int Doubles { get; private set; }

    /// <summary>Adds the positions of a record; when it is damaged, nothing changes and the answer is false.</summary>
    public bool TryAdd(ReadOnlySpan<byte> record, in PositionSource source, ref SpooledPositions positions)
    {
        var lane = Lanes[(int)((uint)source.DeviceKey % (uint)Lanes.Count)].Rows;
        var suspects = Suspect.Rows;
        var (regular, suspect) = (lane.Count, suspects.Count);
        while (positions.TryRead(out var item))
        {
            (item.IsClockSuspect ? suspects : lane).Add(source, item.Position, _records.Count);
        }

        if (!positions.IsComplete)
        {
            lane.Truncate(regular);
            suspects.Truncate(suspect);
            return false;
        }

        _records.Add((_bytes.WrittenCount, record.Length));
        _bytes.Write(record);
        Positions += positions.Count;
        ReceivedAt = source.ReceivedAt;
        return true;
    }

    /// <summary>One more record is in here, in one way or another.</summary>
    public void Took(long number) => (Last, Records) = (number, Records + 1);

    /// <summary>Sorts; nothing is added any more.</summary>
    public void Seal() => Doubles = Lanes.Sum(lane => lane.Rows.Sort()) + Suspect.Rows.Sort();

    /// <summary>What the database refused until now.</summary>
    public IEnumerable<RefusedRow> Refused() => Lanes.Append(Suspect).SelectMany(lane => lane.Refused);

    /// <summary>The spool record a row came from.</summary>
    public ReadOnlySpan<byte> RecordOf(in PositionRow row)
    {
        var (start, length) = _records[row.Tag];
        return _bytes.WrittenSpan.Slice(start, length);
    }

    /// <summary>Empties it.</summary>
    public void Clear()
    {
        (Records, Positions, Doubles, Kept, ReceivedAt) = (0, 0, 0, 0, null);
        _bytes.ResetWrittenCount();
        _records.Clear();
        Rejected.Clear();
        Events.Clear();
        Suspect.Clear();
        foreach (var lane in Lanes)
        {
            lane.Clear();
        }
    }
}
