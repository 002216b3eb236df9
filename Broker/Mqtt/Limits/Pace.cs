namespace ArtMqtt.Broker.Mqtt.Limits;

/// <summary>
/// Spreads what comes in faster than allowed: each taker is told how long to wait for its turn. One second's worth may
/// come at once. Thread-safe.
/// </summary>
/// <param name="perSecond">How much may come a second.</param>
/// <param name="time">Clock.</param>
internal sealed class Pace(double perSecond, TimeProvider time)
{
    private readonly double _ticksEach = time.TimestampFrequency / perSecond;
    private readonly Lock _gate = new();
    private double _next = double.MinValue;

    /// <summary>Takes a turn.</summary>
    /// <param name="amount">How much of it; for bytes, many.</param>
    /// <param name="longest">Longest wait; beyond, no turn is taken.</param>
    /// <returns>How long to wait; null when that is too long.</returns>
    public TimeSpan? Take(double amount, TimeSpan longest)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            var next = Math.Max(_next, now - time.TimestampFrequency) + (_ticksEach * amount);
            var wait = next <= now ? TimeSpan.Zero : TimeSpan.FromSeconds((next - now) / time.TimestampFrequency);
            if (wait > longest)
            {
                return null;
            }

            _next = next;
            return wait;
        }
    }
}
