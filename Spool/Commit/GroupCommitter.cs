using System.Diagnostics;

namespace ArtMqtt.Spool.Commit;

/// <summary>
/// Collects records while the disk is busy and makes them durable together, back to back and without a timer: alone,
/// a record waits for one flush; a thousand at once share one.
/// </summary>
/// <remarks>When the log or the group is full the caller waits in line, so numbers follow the order of the calls.</remarks>
internal sealed class GroupCommitter
{
    /// <summary>How often a failed log is tried again when nobody appends.</summary>
    public static readonly TimeSpan ProbePeriod = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private readonly LinkedList<PendingAppend> _waiting = [];
    private readonly IGroupLog _log;
    private readonly long _capacityBytes;
    private readonly SpoolMetrics _metrics;
    private readonly Action<Exception?> _healthChanged;
    private readonly ITimer _probeTimer;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private AppendGroup _open = new();
    private AppendGroup _committing = new();
    private bool _idle;
    private bool _stopping;
    private bool _probeDue;
    private bool _failed;

    public GroupCommitter(
        IGroupLog log, long capacityBytes, SpoolMetrics metrics, TimeProvider time, Action<Exception?> healthChanged)
    {
        _log = log;
        _capacityBytes = capacityBytes;
        _metrics = metrics;
        _healthChanged = healthChanged;
        _probeTimer = time.CreateTimer(
            _ => RequestProbe(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        new Thread(Run) { IsBackground = true, Name = "Spool commit" }.Start();
    }

    /// <summary>Queues a record; completes with its number when it is durable.</summary>
    public ValueTask<long> AppendAsync(ReadOnlySpan<byte> record, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<long>(cancellationToken);
        }

        PendingAppend append;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, typeof(ISpool));
            append = PendingAppend.Rent(this);
            if (_waiting.Count == 0 && Fits(record.Length))
            {
                Admit(record, append);
            }
            else
            {
                append.Record = record.ToArray();
                _waiting.AddLast(append.Node);
            }
        }

        if (cancellationToken.CanBeCanceled)
        {
            append.CancelWith(cancellationToken);
        }

        return append.Task;
    }

    /// <summary>Room may have appeared: those who wait in line come in.</summary>
    public void AdmitWaiting()
    {
        lock (_gate)
        {
            while (_waiting.First is { Value: var append } && Fits(append.Record!.Length))
            {
                _waiting.RemoveFirst();
                Admit(append.Record, append);
                append.Record = null;
            }
        }
    }

    /// <summary>A caller in line gives up: its record takes no number.</summary>
    public void GiveUp(PendingAppend append)
    {
        lock (_gate)
        {
            if (append.Node.List is null)
            {
                return;
            }

            _waiting.Remove(append.Node);
            append.Release();
        }

        AdmitWaiting();
    }

    /// <summary>Commits what is queued and ends. Those who wait for room get an <see cref="ObjectDisposedException"/>.</summary>
    public async Task StopAsync()
    {
        List<PendingAppend> refused;
        lock (_gate)
        {
            _stopping = true;
            refused = [.. _waiting];
            _waiting.Clear();
            Monitor.Pulse(_gate);
        }

        foreach (var append in refused)
        {
            append.Fail(new ObjectDisposedException(nameof(ISpool)));
        }

        await _probeTimer.DisposeAsync();
        await _ended.Task;
    }

    private bool Fits(int recordLength) =>
        _open.HasRoom(recordLength)
        && _log.WaitingBytes + (_committing.Appends.Count == 0 ? 0 : _committing.Length)
            + _open.Length + AppendGroup.RecordHeader + recordLength <= _capacityBytes;

    private void Admit(ReadOnlySpan<byte> record, PendingAppend append)
    {
        _open.Add(record, append);
        if (_idle)
        {
            _idle = false;
            Monitor.Pulse(_gate);
        }
    }

    private void RequestProbe()
    {
        lock (_gate)
        {
            _probeDue = true;
            Monitor.Pulse(_gate);
        }
    }

    private void Run()
    {
        while (WaitForWork())
        {
            if (_committing.Appends.Count > 0)
            {
                Commit();
            }
            else
            {
                Probe();
            }
        }

        _ended.SetResult();
    }

    private bool WaitForWork()
    {
        lock (_gate)
        {
            while (_open.Appends.Count == 0 && !_probeDue)
            {
                if (_stopping)
                {
                    return false;
                }

                _idle = true;
                Monitor.Wait(_gate);
            }

            _idle = false;
            _probeDue = false;
            (_open, _committing) = (_committing, _open);
            AdmitWaiting();
            return true;
        }
    }

    private void Commit()
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var number = _log.Append(_committing);
            _metrics.Committed(_committing, Stopwatch.GetElapsedTime(started));
            SetHealth(null);
            foreach (var append in _committing.Appends)
            {
                append.Complete(number++);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _metrics.CommitFailed();
            SetHealth(e);
            var failure = new SpoolFailedException($"The spool could not store the record: {e.Message}", e);
            foreach (var append in _committing.Appends)
            {
                append.Fail(failure);
            }
        }

        lock (_gate)
        {
            _committing.Clear();
            AdmitWaiting();
        }
    }

    private void Probe()
    {
        try
        {
            _log.Probe();
            SetHealth(null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            SetHealth(e);
        }
    }

    private void SetHealth(Exception? failure)
    {
        if (failure is not null)
        {
            // Without this a node that is out of rotation because it is full would never find out that it is not.
            _probeTimer.Change(ProbePeriod, Timeout.InfiniteTimeSpan);
        }

        if (_failed != (failure is not null))
        {
            _failed = failure is not null;
            _healthChanged(failure);
        }
    }
}
