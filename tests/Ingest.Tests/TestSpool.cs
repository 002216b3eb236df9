using ArtMqtt.Contracts.Positions;
using ArtMqtt.Spool;

namespace ArtMqtt.Ingest.Tests;

/// <summary>A spool in memory that a test fills and looks into.</summary>
internal sealed class TestSpool : ISpool
{
    private readonly Lock _lock = new();
    private readonly List<ReadOnlyMemory<byte>> _records = [];
    private TaskCompletionSource _appended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Every acknowledgement, in order.</summary>
    public List<long> Acknowledgements { get; } = [];

    public long Acknowledged { get; private set; }

    public SpoolStatus Status => new(_records.Count - Acknowledged, 0, long.MaxValue, null);

    public long Append(byte[] record)
    {
        lock (_lock)
        {
            _records.Add(record);
            _appended.TrySetResult();
            return _records.Count;
        }
    }

    public long Append(ReceivedPositions received) => Append(SpoolRecord.Encode(received));

    public ValueTask<long> AppendAsync(ReadOnlyMemory<byte> record, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Append(record.ToArray()));

    public async ValueTask<SpoolBatch> ReadAsync(long after, int maxRecords, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task wait;
            lock (_lock)
            {
                if (_records.Count > after)
                {
                    var count = (int)Math.Min(maxRecords, _records.Count - after);
                    return new SpoolBatch(after + 1, _records.GetRange((int)after, count));
                }

                _appended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                wait = _appended.Task;
            }

            await wait.WaitAsync(cancellationToken);
        }
    }

    public ValueTask AcknowledgeAsync(long through, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Acknowledgements.Add(through);
            Acknowledged = Math.Max(Acknowledged, through);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
