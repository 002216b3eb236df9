namespace ArtMqtt.DeviceAgent.Publishing;

/// <summary>How long to wait before the next try: doubling, bounded, and never the same for a whole fleet.</summary>
internal sealed class RetryDelay(TimeSpan first, TimeSpan longest, Random random)
{
    private int _failures;

    /// <summary>The next wait: between half and all of <c>first × 2^failures</c>.</summary>
    public TimeSpan Next()
    {
        var full = Math.Min(first.TotalMilliseconds * Math.Pow(2, _failures), longest.TotalMilliseconds);
        _failures = Math.Min(_failures + 1, 30);
        return TimeSpan.FromMilliseconds(full * (0.5 + (random.NextDouble() / 2)));
    }

    /// <summary>It worked: the next failure waits shortly again.</summary>
    public void Reset() => _failures = 0;
}
