namespace ArtMqtt.DeviceAgent.Clocks;

/// <summary>
/// Time on a machine that starts with a wrong clock. Until the clock is set, moments are told as the time since the
/// machine was started, in a year that no fix is of; afterwards they can be put right.
/// </summary>
/// <param name="machine">What the machine says.</param>
/// <param name="time">Clock of this machine.</param>
internal sealed class BootClock(IMachine machine, TimeProvider time)
{
    // A clock that nobody sets (no network, no GPS time) is believed after a while, when it can be right at all.
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan _look = TimeSpan.FromSeconds(1);
    private static readonly DateTimeOffset _earliest = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // Where times since the start are told from: long before the first receiver, and not 0, which is no time.
    private static readonly DateTimeOffset _origin = DateTimeOffset.UnixEpoch.AddYears(1);
    private static readonly DateTimeOffset _end = _origin.AddYears(5);

    private bool _isSet;
    private DateTimeOffset? _started;

    /// <summary>Which start of the machine it is.</summary>
    public string Boot { get; } = machine.Boot;

    /// <summary>Whether it is known what time it is.</summary>
    public bool IsSet => _started is not null || (_isSet |= time.GetUtcNow() >= _earliest
        && (machine.IsSynchronized || machine.Uptime >= _patience));

    /// <summary>A receiver that knows the time tells it, which is as good as a clock that is set.</summary>
    public void Learn(DateTimeOffset moment)
    {
        // A receiver that has just been started often tells the first day it can count.
        if (!IsSet && moment >= _earliest)
        {
            _started = moment - machine.Uptime;
        }
    }

    /// <summary>Whether a time is one since the start of the machine.</summary>
    public static bool IsSinceBoot(DateTimeOffset moment) => moment < _end;

    /// <summary>The time for a fix that has none: now, or since the start of the machine.</summary>
    public DateTimeOffset Now()
    {
        var now = IsSet ? UtcNow() : _origin + machine.Uptime;
        return DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds());
    }

    /// <summary>Puts a time since the start of the machine right, once the clock is set.</summary>
    public DateTimeOffset Correct(DateTimeOffset moment) => IsSinceBoot(moment)
        ? UtcNow() - (machine.Uptime - (moment - _origin))
        : moment;

    /// <summary>Completes when the clock is set.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (!IsSet)
        {
            await Task.Delay(_look, time, cancellationToken);
        }
    }

    // The receiver told it once; what keeps the clock right from now on knows it better.
    private DateTimeOffset UtcNow() => _started is { } started && !machine.IsSynchronized
        ? started + machine.Uptime
        : time.GetUtcNow();
}
