namespace ArtMqtt.Spool;

/// <summary>Consecutive records.</summary>
/// <param name="First">Number of the first record.</param>
/// <param name="Records">The records, oldest first, at least one. Valid until the next read.</param>
public readonly record struct SpoolBatch(long First, IReadOnlyList<ReadOnlyMemory<byte>> Records)
{
    /// <summary>Number of the last record.</summary>
    public long Last => First + Records.Count - 1;
}
