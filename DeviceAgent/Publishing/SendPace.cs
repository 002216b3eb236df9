namespace ArtMqtt.DeviceAgent.Publishing;

/// <summary>
/// How often positions are sent, whatever is kept: those that come meanwhile go together. May be changed at any time.
/// </summary>
internal sealed class SendPace(TimeProvider time)
{
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan _interval;
    private bool _isReleased;
    private long? _sent;

    /// <summary>Shortest time between two publishes; zero: none.</summary>
    public void Change(TimeSpan interval)
    {
        _interval = interval;
        Wake();
    }

    /// <summary>Nothing waits any more: it is about to end.</summary>
    public void Release()
    {
        _isReleased = true;
        Wake();
    }

    /// <summary>Something is sent.</summary>
    public void Sent() => _sent = time.GetTimestamp();

    /// <summary>Waits until it is time to send; false when it was time already.</summary>
    public async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        var hasWaited = false;
        while (true)
        {
            var changed = Volatile.Read(ref _changed).Task;
            if (_isReleased || _sent is not { } sent || _interval - time.GetElapsedTime(sent) is not { Ticks: > 0 } left)
            {
                return hasWaited;
            }

            hasWaited = true;
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(Task.Delay(left, time, end.Token), changed);
            await end.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private void Wake() => Interlocked.Exchange(
        ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
}
