using ArtMqtt.Contracts.Positions;
using ArtMqtt.Spool;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Ingest;

/// <summary>Turns spool records into batches. A record that is none becomes a dead letter.</summary>
internal sealed class BatchDecoder(IOptions<BatchOptions> options, TimeProvider time)
{
    /// <summary>Code of the dead letter made from a record that cannot be read.</summary>
    public const string UnreadableCode = "spool_record_unreadable";

    private readonly int _maxPositions = options.Value.MaxPositions;

    /// <summary>The records as batches of at most the configured size, in order; at least one.</summary>
    public List<IngestBatch> Decode(SpoolBatch records)
    {
        var batch = new IngestBatch();
        List<IngestBatch> batches = [batch];
        for (var i = 0; i < records.Records.Count; i++)
        {
            var record = records.Records[i];
            SpoolRecord.TryDecode(record.Span, out var received, out var rejected);
            var count = received?.Positions.Count ?? 0;
            if (batch.PositionCount > 0 && batch.PositionCount + count > _maxPositions)
            {
                batch = new IngestBatch();
                batches.Add(batch);
            }

            if (received is not null)
            {
                batch.Received.Add(received);
                batch.PositionCount += count;
            }
            else
            {
                batch.Rejected.Add(rejected ?? Unreadable(record));
            }

            batch.Last = records.First + i;
        }

        return batches;
    }

    private RejectedPayload Unreadable(ReadOnlyMemory<byte> record) => new(
        DeviceId: "", Topic: "", time.GetUtcNow(), UnreadableCode,
        "The record in the spool is damaged or was written by a newer version.",
        record[..Math.Min(record.Length, RejectedPayload.MaxPayload)].ToArray());
}
