using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Ingest;

/// <summary>Puts spool records into a batch. A record that is none becomes a dead letter.</summary>
internal sealed class BatchDecoder(TimeProvider time)
{
    /// <summary>Code of the dead letter made from a record that cannot be read.</summary>
    public const string UnreadableCode = RejectedPayload.UnreadableRecordCode;

    // Each may hold 4 KiB of what was sent.
    private const int MaxRejected = 5_000;

    /// <summary>Adds a record, unless the batch has no room left for what it holds.</summary>
    /// <param name="record">The record.</param>
    /// <param name="number">Its number in the spool.</param>
    /// <param name="batch">Where to.</param>
    /// <param name="maxPositions">Most positions in the batch; a record by itself may have more.</param>
    /// <returns>False when it has to go into the next batch.</returns>
    public bool TryAdd(ReadOnlyMemory<byte> record, long number, IngestBatch batch, int maxPositions)
    {
        if (SpooledPositions.TryOpen(record.Span, out var source, out var positions))
        {
            if (batch.Positions > 0 && batch.Positions + positions.Count > maxPositions)
            {
                return false;
            }

            if (batch.TryAdd(record.Span, source, ref positions))
            {
                batch.Took(number);
                return true;
            }
        }

        if (SpoolRecord.ReadEvent(record.Span) is { } happened)
        {
            batch.Events.Add(happened);
            batch.Took(number);
            return true;
        }

        if (batch.Rejected.Count >= MaxRejected)
        {
            return false;
        }

        SpoolRecord.TryDecode(record.Span, out _, out var rejected);
        batch.Rejected.Add(rejected ?? Unreadable(record));
        batch.Took(number);
        return true;
    }

    private RejectedPayload Unreadable(ReadOnlyMemory<byte> record) => new(
        DeviceId: "", Topic: "", time.GetUtcNow(), UnreadableCode,
        "The record in the spool is damaged or was written by a newer version.",
        record[..Math.Min(record.Length, RejectedPayload.MaxPayload)].ToArray())
    {
        Size = record.Length,
    };
}
