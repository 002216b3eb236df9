namespace ArtMqtt.Spool;

/// <summary>
/// A bounded, ordered first-in-first-out of opaque records. What was appended stays until it is acknowledged, and is
/// read again after a restart: every reader must cope with reading a record twice.
/// </summary>
/// <remarks>Many threads may append. One reader reads and acknowledges.</remarks>
public interface ISpool : IAsyncDisposable
{
    /// <summary>Number of the newest acknowledged record; 0 before the first. Reading starts behind it.</summary>
    long Acknowledged { get; }

    /// <summary>What is waiting, for health and metrics.</summary>
    SpoolStatus Status { get; }

    /// <summary>
    /// Appends a record and completes when it is as durable as this spool promises. Records are numbered from 1 in
    /// the order of the calls. While the spool is full the call waits: nothing is dropped.
    /// </summary>
    /// <param name="record">1 byte to <see cref="SpoolOptions.MaxRecordBytes"/>; copied before the call returns.</param>
    /// <param name="cancellationToken">Gives up waiting. The record may be in the spool all the same.</param>
    /// <returns>The record's number.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The record is empty or too large.</exception>
    /// <exception cref="SpoolFailedException">The record could not be made durable; nothing was acknowledged.</exception>
    ValueTask<long> AppendAsync(ReadOnlyMemory<byte> record, CancellationToken cancellationToken);

    /// <summary>
    /// The oldest records behind <paramref name="after"/>, in order; waits until there is at least one.
    /// </summary>
    /// <param name="after">Number of the last record already read; <see cref="Acknowledged"/> to start.</param>
    /// <param name="maxRecords">Most records to return, at least 1.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<SpoolBatch> ReadAsync(long after, int maxRecords, CancellationToken cancellationToken);

    /// <summary>
    /// Everything up to and including this number is done with and may be forgotten. May be repeated. After a crash
    /// a recent acknowledgement may be gone, so records may be read again, but never the other way round.
    /// </summary>
    ValueTask AcknowledgeAsync(long through, CancellationToken cancellationToken);
}
