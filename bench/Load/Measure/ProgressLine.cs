using System.Diagnostics;
using ArtMqtt.Load.Mqtt;

namespace ArtMqtt.Load.Measure;

/// <summary>One line a second on standard error.</summary>
internal sealed class ProgressLine(PublishRun run)
{
    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private long _lastAt = Stopwatch.GetTimestamp();
    private long _lastAcknowledged;

    /// <summary>Prints when a second has passed.</summary>
    public void Tick()
    {
        var since = Stopwatch.GetElapsedTime(_lastAt);
        if (since.TotalSeconds < 1)
        {
            return;
        }

        var rate = (run.Acknowledged - _lastAcknowledged) / since.TotalSeconds;
        Console.Error.WriteLine(
            $"{Stopwatch.GetElapsedTime(_startedAt).TotalSeconds,5:F0} s  acknowledged {run.Acknowledged,10:N0}  "
            + $"{rate,9:N0}/s  in flight {run.Sent - run.Answered,6:N0}  refused {run.Answered - run.Acknowledged:N0}"
            + (run.Delivered > 0 ? $"  delivered {run.Delivered:N0}" : ""));
        (_lastAt, _lastAcknowledged) = (Stopwatch.GetTimestamp(), run.Acknowledged);
    }
}
