using ArtMqtt.Spool;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Ingest;

/// <summary>
/// Reads the spool into batches, each record once. Under load the next batch is prepared while the last one is being
/// written. Two batches take turns; a batch is valid until the next but one is asked for.
/// </summary>
internal sealed class BatchReader(
    ISpool spool, BatchDecoder decoder, IOptions<BatchOptions> options, IOptions<IngestOptions> ingest)
{
    // Reading ahead with less in the spool would only make the next batch smaller than it could be.
    private const int Backlog = 1_000;

    private readonly IngestBatch[] _batches =
        [new IngestBatch(ingest.Value.Writers), new IngestBatch(ingest.Value.Writers)];

    private Task<IngestBatch>? _ahead;
    private Task<SpoolBatch>? _reading;
    private SpoolBatch _records;
    private int _left;
    private long? _after;
    private int _turn;

    /// <summary>The next records, at least one; waits until there are some. After a failure it may be called again.</summary>
    public async ValueTask<IngestBatch> ReadAsync(CancellationToken cancellationToken)
    {
        var filling = _ahead ?? FillAsync(cancellationToken);
        _ahead = null;
        var batch = await filling;
        if (spool.Acknowledged + spool.Status.Records - batch.Last >= Backlog)
        {
            _ahead = Task.Run(() => FillAsync(cancellationToken), cancellationToken);
        }

        return batch;
    }

    /// <summary>Waits for a read that is still going on, so that the spool may be closed.</summary>
    public async Task EndAsync()
    {
        foreach (var open in (Task?[])[_ahead, _reading])
        {
            if (open is not null)
            {
                await open.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<IngestBatch> FillAsync(CancellationToken cancellationToken)
    {
        var batch = _batches[_turn];
        batch.Clear();
        while (batch.Records < options.Value.MaxRecords)
        {
            if (_left == 0 && !await TryReadAsync(batch, cancellationToken))
            {
                break;
            }

            var next = _records.Records.Count - _left;
            if (!decoder.TryAdd(_records.Records[next], _records.First + next, batch, options.Value.MaxPositions))
            {
                break;
            }

            _left--;
        }

        _turn = 1 - _turn;
        batch.Seal();
        return batch;
    }

    // Waits only while the batch is empty; a read that would have to wait goes on for the next one. From its beginning
    // the records of the read before are not valid any more.
    private async ValueTask<bool> TryReadAsync(IngestBatch batch, CancellationToken cancellationToken)
    {
        if (_reading is null)
        {
            var read = spool.ReadAsync(_after ?? spool.Acknowledged, options.Value.MaxRecords, cancellationToken);
            if (read.IsCompletedSuccessfully)
            {
                Take(read.Result);
                return true;
            }

            _reading = read.AsTask();
        }

        if (batch.Records > 0)
        {
            return false;
        }

        var reading = _reading;
        _reading = null;
        Take(await reading);
        return true;
    }

    private void Take(SpoolBatch records) => (_records, _left, _after) = (records, records.Records.Count, records.Last);
}
