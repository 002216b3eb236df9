namespace ArtMqtt.Store;

/// <summary>How long to wait before the next attempt: doubling from 100 ms to 5 s, between half and all of it.</summary>
public static class Backoff
{
    private static readonly TimeSpan _first = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(5);

    /// <summary>The wait after an attempt failed.</summary>
    /// <param name="attempt">Number of the failed attempt, from 1.</param>
    /// <param name="random">0 to 1: spreads many clients that lost the same server.</param>
    public static TimeSpan After(int attempt, double random)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(attempt);
        var doubled = _first * Math.Pow(2, Math.Min(attempt - 1, 16));
        return (doubled < _longest ? doubled : _longest) * (0.5 + (random / 2));
    }
}
