namespace ArtMqtt.Broker.Mqtt;

/// <summary>Notices that a client was silent for one and a half times its keep-alive (MQTT 3.1.2.10).</summary>
/// <remarks>The timer looks when the time could be over; a packet costs one timestamp, not a timer.</remarks>
internal sealed class KeepAliveWatch : IDisposable
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _limit;
    private readonly Action _silent;
    private readonly ITimer _timer;
    private long _last;
    private volatile bool _isPaused;

    /// <summary>Starts watching.</summary>
    /// <param name="keepAlive">The client's keep-alive, above zero.</param>
    /// <param name="time">Clock.</param>
    /// <param name="silent">Called once.</param>
    public KeepAliveWatch(TimeSpan keepAlive, TimeProvider time, Action silent)
    {
        (_time, _limit, _silent) = (time, keepAlive * 1.5, silent);
        _last = time.GetTimestamp();
        _timer = time.CreateTimer(_ => Look(), null, _limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A packet came.</summary>
    public void Touch() => Volatile.Write(ref _last, _time.GetTimestamp());

    /// <summary>We do not read for a while; that is not the client's silence.</summary>
    public void Pause() => _isPaused = true;

    /// <summary>Ends <see cref="Pause"/>.</summary>
    public void Resume()
    {
        Touch();
        _isPaused = false;
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var left = _isPaused ? _limit : _limit - _time.GetElapsedTime(Volatile.Read(ref _last));
        if (left <= TimeSpan.Zero)
        {
            _silent();
            return;
        }

        _timer.Change(left, Timeout.InfiniteTimeSpan);
    }
}
