using System.Diagnostics;
using ArtMqtt.Load.Mqtt;
using ArtMqtt.Load.Sockets;

namespace ArtMqtt.Load.Measure;

/// <summary>Measures a run between the end of the warm-up and the end of sending.</summary>
/// <param name="run">The counts.</param>
/// <param name="processes">Processes whose processor time is reported, by name.</param>
internal sealed class RateMeter(PublishRun run, IReadOnlyDictionary<string, int> processes)
{
    private readonly Dictionary<string, double> _cpu = [];
    private long _startedAt;
    private long _acknowledged;
    private long _delivered;
    private double _ownCpu;

    /// <summary>The warm-up is over.</summary>
    public void Start()
    {
        run.Latency.Clear();
        foreach (var (name, id) in processes)
        {
            _cpu[name] = ProcessCpu.Seconds(id);
        }

        (_acknowledged, _delivered) = (run.Acknowledged, run.Delivered);
        _ownCpu = Libc.ThreadCpuSeconds();
        _startedAt = Stopwatch.GetTimestamp();
    }

    /// <summary>What happened since <see cref="Start"/>.</summary>
    public MeasuredRate Stop()
    {
        var seconds = Stopwatch.GetElapsedTime(_startedAt).TotalSeconds;
        var ownCpu = Libc.ThreadCpuSeconds() - _ownCpu;
        var acknowledged = run.Acknowledged - _acknowledged;
        var perPosition = 1e6 / Math.Max(1, acknowledged);
        return new MeasuredRate(
            seconds,
            acknowledged / seconds,
            (run.Delivered - _delivered) / seconds,
            ownCpu * perPosition,
            ownCpu / seconds,
            _cpu.ToDictionary(one => one.Key, one => new ProcessUse(
                (ProcessCpu.Seconds(processes[one.Key]) - one.Value) * perPosition,
                (ProcessCpu.Seconds(processes[one.Key]) - one.Value) / seconds,
                ProcessCpu.PeakMemoryMb(processes[one.Key]))),
            run.Latency.Summarize());
    }
}

/// <summary>Rates in positions per second; processor time in µs per acknowledged position and in cores.</summary>
internal sealed record MeasuredRate(
    double Seconds, double AcknowledgedPerSecond, double DeliveredPerSecond,
    double GeneratorMicrosecondsPerPosition, double GeneratorCores,
    IReadOnlyDictionary<string, ProcessUse> Processes, Latency PublishToPubAck);

/// <summary>What one process (with its children) used.</summary>
internal sealed record ProcessUse(double MicrosecondsPerPosition, double Cores, double PeakMemoryMb);
