using System.Diagnostics;
using ArtMqtt.Load.Measure;

namespace ArtMqtt.Load.Live;

/// <summary>What all watchers of a run count together; one thread.</summary>
internal sealed class LiveTally
{
    /// <summary>Positions that arrived.</summary>
    public long Delivered { get; private set; }

    /// <summary>Bytes that arrived, frames and all.</summary>
    public long Bytes { get; set; }

    /// <summary>From before the send to the reading.</summary>
    public Histogram Latency { get; } = new();

    /// <summary>A position arrived.</summary>
    public void Arrive(double latitude)
    {
        Delivered++;
        Latency.Record(0, (long)(LiveStamp.AgeOf(latitude, LiveStamp.Now()) * (Stopwatch.Frequency / 1e6)));
    }
}
