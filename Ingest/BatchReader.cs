using ArtMqtt.Spool;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Ingest;

/// <summary>
/// Reads the spool in batches, each record once. Under load the next read is done while the last one is being written.
/// </summary>
internal sealed class BatchReader(ISpool spool, BatchDecoder decoder, IOptions<BatchOptions> options)
{
    // Reading ahead with less in the spool would only make the next batch smaller than it could be.
    private const int Backlog = 1_000;

    private Task<List<IngestBatch>>? _ahead;
    private long? _after;

    /// <summary>The next records, at least one; waits until there are some. After a failure it may be called again.</summary>
    public async ValueTask<List<IngestBatch>> ReadAsync(CancellationToken cancellationToken)
    {
        var reading = _ahead ?? ReadOnceAsync(cancellationToken);
        _ahead = null;
        var batches = await reading;
        _after = batches[^1].Last;
        if (spool.Acknowledged + spool.Status.Records - _after >= Backlog)
        {
            _ahead = Task.Run(() => ReadOnceAsync(cancellationToken), cancellationToken);
        }

        return batches;
    }

    /// <summary>Waits for a read that is still going on, so that the spool may be closed.</summary>
    public async Task EndAsync()
    {
        if (_ahead is Task ahead)
        {
            await ahead.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<List<IngestBatch>> ReadOnceAsync(CancellationToken cancellationToken) => decoder.Decode(
        await spool.ReadAsync(_after ?? spool.Acknowledged, options.Value.MaxRecords, cancellationToken));
}
