using System.Diagnostics;
using System.Net;
using ArtMqtt.Load.Measure;

namespace ArtMqtt.Load.Brokers;

/// <summary>All measurements of one broker, one after the other.</summary>
/// <param name="name">The broker.</param>
/// <param name="server">Where it listens.</param>
/// <param name="processId">Its process.</param>
/// <param name="seconds">Measured time of each rate.</param>
/// <param name="sessions">Numbers of subscribed sessions to publish beside, ascending.</param>
internal sealed class BrokerScenario(string name, IPEndPoint server, int processId, int seconds, IReadOnlyList<int> sessions)
{
    private const int Publishers = 50;
    private const int InFlight = 20;
    private const int MaxBehind = 20_000;
    private const int IdleConnections = 10_000;
    private const int FanOut = 1_000;
    private const int Topics = 1_000;

    // Each connection takes a file descriptor on either side; beyond, the sessions are those of clients that are away.
    private const int MaxConnected = 10_000;

    private static readonly TimeSpan _warmUp = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _time = TimeSpan.FromSeconds(seconds);
    private int _loads;

    /// <summary>Measures everything.</summary>
    public BrokerFigures Run()
    {
        var connects = Connects();
        var idle = IdleKilobytes();
        var flood0 = Flood(qos: 0);
        var flood1 = Flood(qos: 1);
        var fanOut = FanOutRate();
        var latency = Latency();
        return new BrokerFigures(
            name, connects, idle, flood0, flood1, fanOut, latency.P50, latency.P99, BesideSessions());
    }

    private BrokerLoad NewLoad() => new(server, $"bench{++_loads}");

    private double Connects()
    {
        const int Count = 3_000;
        using var load = NewLoad();
        var started = Stopwatch.GetTimestamp();
        load.Publishers(Count, _ => "bench/unused", 0);
        return Count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private double IdleKilobytes()
    {
        using var load = NewLoad();
        var before = ProcessCpu.MemoryMb(processId);
        load.Subscribe(IdleConnections, i => $"bench/idle/{i}", 0);
        load.Run(TimeSpan.FromSeconds(2), () => { });
        return (ProcessCpu.MemoryMb(processId) - before) * 1024 / IdleConnections;
    }

    private double Flood(int qos)
    {
        using var load = NewLoad();
        var tally = load.Tally;
        load.Subscribe(1, _ => "bench/flood/+", (byte)qos);
        var publishers = load.Publishers(Publishers, i => $"bench/flood/{i}", qos);
        return Rate(load, () => tally.Received, () =>
        {
            foreach (var publisher in publishers)
            {
                if (tally.Sent - tally.Received < MaxBehind && !publisher.IsBlocked)
                {
                    publisher.Publish(qos == 0 ? 64 : InFlight - publisher.InFlight);
                }
            }
        });
    }

    private double FanOutRate()
    {
        using var load = NewLoad();
        var tally = load.Tally;
        load.Subscribe(FanOut, _ => "bench/all", 0);
        var publisher = load.Publishers(1, _ => "bench/all", 0)[0];
        return Rate(load, () => tally.Received, () =>
        {
            if ((tally.Sent * FanOut) - tally.Received < MaxBehind && !publisher.IsBlocked)
            {
                publisher.Publish(1);
            }
        });
    }

    private Latency Latency()
    {
        using var load = NewLoad();
        load.Subscribe(Topics, i => $"bench/topics/{i}", 0);
        var publishers = load.Publishers(Topics, i => $"bench/topics/{i}", 0);
        var started = Stopwatch.GetTimestamp();
        var sent = 0L;
        void Feed()
        {
            // Evenly spread: one of the topics every millisecond.
            for (var due = (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds; sent < due; sent++)
            {
                publishers[(int)(sent % Topics)].Publish(1);
            }
        }

        load.Run(_warmUp, Feed);
        load.Tally.IsTiming = true;
        load.Run(_time, Feed);
        return load.Tally.Latency.Summarize();
    }

    private SortedDictionary<int, double> BesideSessions()
    {
        using var load = NewLoad();
        var rates = new SortedDictionary<int, double>();
        var publishers = load.Publishers(10, i => $"bench/nobody/{i}", 1);
        var open = 0;
        foreach (var count in sessions)
        {
            var already = open;
            var connected = Math.Max(0, Math.Min(count, MaxConnected) - open);
            load.Subscribe(connected, i => $"bench/sessions/{already + i}", 0);
            load.LeaveSessions(count - open - connected, i => $"bench/sessions/{already + connected + i}");
            open = count;
            rates[count] = Rate(load, () => load.Tally.Acknowledged, () =>
                publishers.ForEach(publisher => publisher.Publish(InFlight - publisher.InFlight)));
        }

        return rates;
    }

    private double Rate(BrokerLoad load, Func<long> count, Action feed)
    {
        load.Run(_warmUp, feed);
        var (before, started) = (count(), Stopwatch.GetTimestamp());
        load.Run(_time, feed);
        return (count() - before) / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
