using System.Collections.Concurrent;
using System.Threading.Tasks.Sources;

namespace ArtMqtt.Spool.Commit;

/// <summary>One waiting caller of append, pooled: appending allocates nothing in the steady state.</summary>
/// <remarks>Caller and committer hold it; it goes back to the pool when both have let go.</remarks>
internal sealed class PendingAppend : IValueTaskSource<long>
{
    private const int MaxPooled = 16_384;

    private static readonly ConcurrentQueue<PendingAppend> _pool = new();
    private static int _pooled;

    private ManualResetValueTaskSourceCore<long> _core = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _registration;
    private GroupCommitter? _owner;
    private int _completed;
    private int _holders;

    private PendingAppend() => Node = new LinkedListNode<PendingAppend>(this);

    /// <summary>Its place among those that wait for room.</summary>
    public LinkedListNode<PendingAppend> Node { get; }

    /// <summary>A copy of the record while it waits for room.</summary>
    public byte[]? Record { get; set; }

    /// <summary>What the caller awaits.</summary>
    public ValueTask<long> Task => new(this, _core.Version);

    /// <summary>Takes one from the pool.</summary>
    public static PendingAppend Rent(GroupCommitter owner)
    {
        if (_pool.TryDequeue(out var append))
        {
            Interlocked.Decrement(ref _pooled);
        }
        else
        {
            append = new PendingAppend();
        }

        append._owner = owner;
        append._holders = 2;
        return append;
    }

    /// <summary>Lets the caller give up. Not to be called while the committer's lock is held.</summary>
    public void CancelWith(CancellationToken cancellationToken) =>
        _registration = cancellationToken.UnsafeRegister(
            static (state, token) =>
            {
                var append = (PendingAppend)state!;
                append._owner!.GiveUp(append);
                append.TryFail(new OperationCanceledException(token));
            },
            this);

    /// <summary>The record is durable. The committer calls this or <see cref="Fail"/> once, and then lets go.</summary>
    public void Complete(long number)
    {
        if (Interlocked.Exchange(ref _completed, 1) == 0)
        {
            _core.SetResult(number);
        }

        Release();
    }

    /// <summary>The record is not durable. The committer lets go.</summary>
    public void Fail(Exception exception)
    {
        TryFail(exception);
        Release();
    }

    /// <summary>One of the two holders lets go.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) > 0)
        {
            return;
        }

        _core.Reset();
        _registration = default;
        _owner = null;
        _completed = 0;
        Record = null;
        if (Interlocked.Increment(ref _pooled) <= MaxPooled)
        {
            _pool.Enqueue(this);
        }
        else
        {
            Interlocked.Decrement(ref _pooled);
        }
    }

    long IValueTaskSource<long>.GetResult(short token)
    {
        // Waits for a cancellation that is running right now: it must not meet the next user of this object.
        _registration.Dispose();
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            Release();
        }
    }

    ValueTaskSourceStatus IValueTaskSource<long>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<long>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void TryFail(Exception exception)
    {
        if (Interlocked.Exchange(ref _completed, 1) == 0)
        {
            _core.SetException(exception);
        }
    }
}
