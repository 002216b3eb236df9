namespace ArtMqtt.Spool.Segments;

/// <summary>How far a spool is durable.</summary>
/// <param name="Last">Number of the last record.</param>
/// <param name="NewestFirst">Number of the first record of the segment it is in.</param>
/// <param name="NewestLength">Bytes of that segment, with its header.</param>
internal readonly record struct SegmentsEnd(long Last, long NewestFirst, long NewestLength);
