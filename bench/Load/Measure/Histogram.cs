using System.Diagnostics;
using System.Numerics;

namespace ArtMqtt.Load.Measure;

/// <summary>Durations in buckets of constant relative width (1.6 %), from 1 ns to hours, without allocation.</summary>
internal sealed class Histogram
{
    private const int MinorBits = 7;
    private const int Minor = 1 << MinorBits;

    private readonly long[] _counts = new long[64 * Minor];
    private long _max;

    /// <summary>How many durations were recorded.</summary>
    public long Count { get; private set; }

    /// <summary>Longest duration in ms.</summary>
    public double MaxMs => _max / 1e6;

    /// <summary>Records a duration between two <see cref="Stopwatch.GetTimestamp"/> readings.</summary>
    public void Record(long fromTicks, long toTicks)
    {
        var nanoseconds = Math.Max(0, (long)((toTicks - fromTicks) * (1e9 / Stopwatch.Frequency)));
        var major = Math.Max(0, BitOperations.Log2((ulong)nanoseconds | 1) - MinorBits + 1);
        _counts[(major * Minor) + (int)(nanoseconds >> major)]++;
        Count++;
        _max = Math.Max(_max, nanoseconds);
    }

    /// <summary>Forgets everything, for example at the end of the warm-up.</summary>
    public void Clear()
    {
        Array.Clear(_counts);
        Count = 0;
        _max = 0;
    }

    /// <summary>The duration in ms that the given share (0 to 1) does not exceed; NaN when nothing was recorded.</summary>
    public double PercentileMs(double share)
    {
        var wanted = (long)Math.Ceiling(Count * share);
        var seen = 0L;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= wanted && seen > 0)
            {
                return Math.Min((double)((long)(i % Minor) << (i / Minor)) / 1e6, MaxMs);
            }
        }

        return double.NaN;
    }

    /// <summary>The usual percentiles.</summary>
    public Latency Summarize() => new(
        Count, PercentileMs(0.5), PercentileMs(0.9), PercentileMs(0.99), PercentileMs(0.999), MaxMs);
}

/// <summary>A histogram in six numbers; milliseconds.</summary>
internal sealed record Latency(long Count, double P50, double P90, double P99, double P999, double Max);
