namespace ArtMqtt.Spool;

/// <summary>A spool in memory: the same order, bounds and waiting, and nothing survives the process.</summary>
public sealed class MemorySpool : ISpool
{
    private readonly Lock _lock = new();
    private readonly SpoolOptions _options;
    private readonly SpoolMetrics _metrics;
    private readonly Queue<byte[]> _records = new();
    private readonly LinkedList<Waiting> _waiting = [];
    private readonly CancellationTokenSource _disposed = new();
    private TaskCompletionSource _appended = NewSignal();
    private long _acknowledged;
    private long _bytes;
    private bool _isDisposed;

    /// <summary>Creates an empty spool.</summary>
    public MemorySpool(SpoolOptions options)
    {
        options.Validate();
        _options = options;
        _metrics = new SpoolMetrics(() => Status);
    }

    /// <inheritdoc/>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <inheritdoc/>
    public SpoolStatus Status
    {
        get
        {
            lock (_lock)
            {
                return new SpoolStatus(_records.Count, _bytes, _options.CapacityBytes, null);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<long> AppendAsync(ReadOnlyMemory<byte> record, CancellationToken cancellationToken)
    {
        _options.CheckRecord(record);
        cancellationToken.ThrowIfCancellationRequested();
        var waiting = new Waiting(record.ToArray());
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _waiting.AddLast(waiting.Node);
            AdmitWaiting();
        }

        await using var registration = cancellationToken.Register(() => GiveUp(waiting, cancellationToken));
        return await waiting.Result.Task;
    }

    /// <inheritdoc/>
    public async ValueTask<SpoolBatch> ReadAsync(long after, int maxRecords, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRecords, 1);
        while (true)
        {
            Task appended;
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                cancellationToken.ThrowIfCancellationRequested();
                var first = Math.Max(after, _acknowledged) + 1;
                var skipped = first - _acknowledged - 1;
                if (skipped < _records.Count)
                {
                    return new SpoolBatch(
                        first, [.. _records.Skip((int)skipped).Take(maxRecords).Select(r => (ReadOnlyMemory<byte>)r)]);
                }

                appended = _appended.Task;
            }

            await WaitAsync(appended, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public ValueTask AcknowledgeAsync(long through, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(through, _acknowledged + _records.Count);
            while (_acknowledged < through)
            {
                _bytes -= SizeOf(_records.Dequeue());
                _acknowledged++;
            }

            AdmitWaiting();
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            foreach (var waiting in _waiting)
            {
                waiting.Result.TrySetException(new ObjectDisposedException(nameof(MemorySpool)));
            }

            _waiting.Clear();
        }

        await _disposed.CancelAsync();
        _disposed.Dispose();
        _metrics.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static int SizeOf(byte[] record) => record.Length + SpoolOptions.RecordOverhead;

    private void AdmitWaiting()
    {
        while (_waiting.First is { Value: var next } && _bytes + SizeOf(next.Record) <= _options.CapacityBytes)
        {
            _waiting.RemoveFirst();
            _records.Enqueue(next.Record);
            _bytes += SizeOf(next.Record);
            _metrics.Appended(1, next.Record.Length);
            next.Result.SetResult(_acknowledged + _records.Count);
            Interlocked.Exchange(ref _appended, NewSignal()).SetResult();
        }
    }

    private void GiveUp(Waiting waiting, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (waiting.Node.List is null)
            {
                return;
            }

            _waiting.Remove(waiting.Node);
            waiting.Result.SetCanceled(cancellationToken);
            AdmitWaiting();
        }
    }

    private async Task WaitAsync(Task appended, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposed.Token);
        try
        {
            await appended.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ObjectDisposedException(nameof(MemorySpool));
        }
    }

    private sealed class Waiting
    {
        public Waiting(byte[] record)
        {
            Record = record;
            Node = new LinkedListNode<Waiting>(this);
        }

        public byte[] Record { get; }

        public LinkedListNode<Waiting> Node { get; }

        public TaskCompletionSource<long> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
