namespace ArtMqtt.Spool.Segments;

/// <summary>Where to read in a segment, as of now.</summary>
/// <param name="Segment">The segment.</param>
/// <param name="Start">Offset of a group at or before the number asked for.</param>
/// <param name="Limit">Offset behind the last durable group.</param>
/// <param name="End">One behind the last number.</param>
internal readonly record struct SegmentView(Segment Segment, long Start, long Limit, long End);
