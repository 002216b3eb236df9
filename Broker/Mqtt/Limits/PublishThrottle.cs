namespace ArtMqtt.Broker.Mqtt.Limits;

/// <summary>
/// Holds one client to a number of publishes and bytes a second: it is not read for a while; only one that presses on
/// for a long time without a pause is sent away. Used by one reader at a time.
/// </summary>
/// <param name="options">The limits.</param>
/// <param name="time">Clock.</param>
internal sealed class PublishThrottle(BrokerOptions options, TimeProvider time)
{
    private readonly Pace _publishes = new(options.MaxPublishesPerSecond, time);
    private readonly Pace _bytes = new(options.MaxBytesPerSecond, time);
    private long? _since;

    /// <summary>How long to wait before the next publish is read; null when the client has pressed on too long.</summary>
    /// <param name="bytes">Size of the publish that came.</param>
    public TimeSpan? Take(int bytes)
    {
        var wait = Longer(_publishes.Take(1, TimeSpan.MaxValue), _bytes.Take(bytes, TimeSpan.MaxValue));
        if (wait == TimeSpan.Zero)
        {
            _since = null;
            return wait;
        }

        _since ??= time.GetTimestamp();
        return time.GetElapsedTime(_since.Value) >= options.ThrottleTimeout ? null : wait;
    }

    private static TimeSpan Longer(TimeSpan? one, TimeSpan? other) =>
        one > other ? one.Value : other ?? TimeSpan.Zero;
}
