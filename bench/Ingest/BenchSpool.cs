using ArtMqtt.Spool;

namespace ArtMqtt.Ingest.Bench;

/// <summary>A real spool that gives nothing to its reader until it is told to.</summary>
internal sealed class BenchSpool(DurableSpool spool) : ISpool
{
    private volatile TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Acknowledged => spool.Acknowledged;

    public SpoolStatus Status => spool.Status;

    public void Open() => _gate.TrySetResult();

    public void Close()
    {
        if (_gate.Task.IsCompleted)
        {
            _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public ValueTask<long> AppendAsync(ReadOnlyMemory<byte> record, CancellationToken cancellationToken) =>
        spool.AppendAsync(record, cancellationToken);

    public async ValueTask<SpoolBatch> ReadAsync(long after, int maxRecords, CancellationToken cancellationToken)
    {
        // Also for who was waiting for records when the gate was closed.
        var batch = await spool.ReadAsync(after, maxRecords, cancellationToken);
        await _gate.Task.WaitAsync(cancellationToken);
        return batch;
    }

    public ValueTask AcknowledgeAsync(long through, CancellationToken cancellationToken) =>
        spool.AcknowledgeAsync(through, cancellationToken);

    public ValueTask DisposeAsync() => spool.DisposeAsync();
}
