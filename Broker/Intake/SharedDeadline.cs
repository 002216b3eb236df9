namespace ArtMqtt.Broker.Intake;

/// <summary>
/// One cancellation token for all that starts within the same tenth of the limit, so that a time limit on something
/// that happens 100,000 times a second costs no timer each. It fires between the limit and 1.1 times of it.
/// </summary>
internal sealed class SharedDeadline(TimeSpan limit, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly TimeSpan _slice = limit / 10;
    private volatile Slice? _current;

    /// <summary>A token that is cancelled when the limit is over.</summary>
    public CancellationToken Token
    {
        get
        {
            var current = _current;
            return current is not null && time.GetElapsedTime(current.Started) < _slice ? current.Token : Renew();
        }
    }

    private CancellationToken Renew()
    {
        lock (_gate)
        {
            if (_current is not { } current || time.GetElapsedTime(current.Started) >= _slice)
            {
                // Never disposed: its own timer ends it, and somebody may still hold its token until then.
                var source = new CancellationTokenSource(limit + _slice, time);
                _current = current = new Slice(time.GetTimestamp(), source.Token);
            }

            return current.Token;
        }
    }

    private sealed record Slice(long Started, CancellationToken Token);
}
