using System.Diagnostics;
using ArtMqtt.Spool.Commit;
using ArtMqtt.Spool.Segments;
using Microsoft.Extensions.Logging.Abstractions;

namespace ArtMqtt.Spool.Bench;

/// <summary>Runs the candidates one after another, several rounds, in changing order.</summary>
internal sealed class Comparison(string parent, TimeSpan duration, TextWriter progress)
{
    public const string Segments = "segments";
    public const string Plain = "plain file";
    public const string Sqlite = "sqlite";

    private const int RecordBytes = 120;
    private const int MaxSamples = 200_000;

    private static readonly string[] _candidates = [Segments, Plain, Sqlite];
    private static readonly int[] _outstanding = [1, 100, 1_000];

    /// <summary>Medians of all candidates.</summary>
    public async Task<List<Measurement>> RunAsync(int rounds)
    {
        var all = new List<Measurement>();
        foreach (var outstanding in _outstanding)
        {
            foreach (var candidate in _candidates)
            {
                await MeasureAsync(candidate, outstanding, duration / 4);
            }

            for (var round = 0; round < rounds; round++)
            {
                var measured = new List<Measurement>();
                foreach (var candidate in round % 2 == 0 ? _candidates : _candidates.Reverse())
                {
                    measured.Add(await MeasureAsync(candidate, outstanding, duration));
                    progress.WriteLine($"{candidate,-12} k={outstanding,-5} {measured[^1].AppendsPerSecond,12:N0}/s");
                }

                var segments = measured.Single(m => m.Candidate == Segments).AppendsPerSecond;
                all.AddRange(measured.Select(m => m with { Ratio = m.AppendsPerSecond / segments }));
            }
        }

        return [.. all.GroupBy(m => (m.Outstanding, m.Candidate)).Select(g => Measurement.Median([.. g]))];
    }

    private async Task<Measurement> MeasureAsync(string candidate, int outstanding, TimeSpan time)
    {
        var folder = Directory.CreateDirectory(Path.Combine(parent, $"spool-bench-{Guid.NewGuid():N}")).FullName;
        using var metrics = new SpoolMetrics(() => default);
        var log = new CountingLog(Create(candidate, folder, metrics));
        var committer = new GroupCommitter(log, long.MaxValue, metrics, TimeProvider.System, Fail);
        try
        {
            GC.Collect();
            var samples = new List<double>[outstanding];
            var allocated = GC.GetTotalAllocatedBytes();
            var processor = Process.GetCurrentProcess().TotalProcessorTime;
            var started = Stopwatch.GetTimestamp();
            using var stop = new CancellationTokenSource(time, TimeProvider.System);
            var counts = await Task.WhenAll(Enumerable.Range(0, outstanding).Select(i => Task.Run(
                () => AppendAsync(committer, samples[i] = new List<double>(MaxSamples / outstanding), stop.Token))));
            var elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;
            var cores = (Process.GetCurrentProcess().TotalProcessorTime - processor).TotalSeconds / elapsed;
            var appends = counts.Sum();
            var bytes = (double)(GC.GetTotalAllocatedBytes() - allocated - sizeof(double) * MaxSamples) / appends;
            var sorted = samples.SelectMany(s => s).Order().ToList();
            return new Measurement(
                candidate, outstanding, appends / elapsed, 1, sorted[sorted.Count / 2], sorted[sorted.Count * 99 / 100],
                (double)appends / log.Groups, cores, Math.Max(0, bytes));
        }
        finally
        {
            await committer.StopAsync();
            log.Dispose();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<long> AppendAsync(
        GroupCommitter committer, List<double> samples, CancellationToken stop)
    {
        var record = new byte[RecordBytes];
        Random.Shared.NextBytes(record);
        var count = 0L;
        while (!stop.IsCancellationRequested)
        {
            var started = Stopwatch.GetTimestamp();
            await committer.AppendAsync(record, CancellationToken.None);
            count++;
            if (samples.Count < samples.Capacity)
            {
                samples.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
        }

        return count;
    }

    private static IGroupLog Create(string candidate, string folder, SpoolMetrics metrics) => candidate switch
    {
        Segments => new SegmentLog(folder, 64 << 20, new Disk(), metrics, NullLogger.Instance),
        Plain => new PlainLog(folder),
        _ => new SqliteLog(folder),
    };

    private static void Fail(Exception? failure) => throw new InvalidOperationException("The disk failed.", failure);

    private sealed class CountingLog(IGroupLog log) : IGroupLog, IDisposable
    {
        public long Groups { get; private set; }

        public long WaitingBytes => log.WaitingBytes;

        public long Append(AppendGroup group)
        {
            Groups++;
            return log.Append(group);
        }

        public void Probe() => log.Probe();

        public void Dispose() => ((IDisposable)log).Dispose();
    }
}
