using System.Diagnostics.Metrics;
using ArtMqtt.Spool.Commit;

namespace ArtMqtt.Spool;

/// <summary>What a spool counts, on the meter <see cref="MeterName"/>.</summary>
public sealed class SpoolMetrics : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "ArtMqtt.Spool";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _records;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _damaged;
    private readonly Counter<long> _tornTails;
    private readonly Histogram<double> _commitDuration;
    private readonly Histogram<int> _commitRecords;

    internal SpoolMetrics(Func<SpoolStatus> status)
    {
        _records = _meter.CreateCounter<long>("artmqtt.spool.appended", "{record}", "Records appended");
        _bytes = _meter.CreateCounter<long>("artmqtt.spool.appended.bytes", "By", "Bytes appended");
        _failures = _meter.CreateCounter<long>("artmqtt.spool.commit.failures", "{commit}", "Commits that failed");
        _damaged = _meter.CreateCounter<long>(
            "artmqtt.spool.damaged", "{record}", "Records that were stored and cannot be read any more");
        _tornTails = _meter.CreateCounter<long>(
            "artmqtt.spool.torn_tails", "{segment}", "Segments that ended in an incomplete group when they were opened");
        _commitDuration = _meter.CreateHistogram<double>("artmqtt.spool.commit.duration", "s", "Time of one commit");
        _commitRecords = _meter.CreateHistogram<int>("artmqtt.spool.commit.records", "{record}", "Records per commit");
        _meter.CreateObservableGauge("artmqtt.spool.waiting", () => status().Records, "{record}",
            "Records not acknowledged");
        _meter.CreateObservableGauge("artmqtt.spool.waiting.bytes", () => status().Bytes, "By",
            "Bytes not acknowledged");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    internal void Committed(AppendGroup group, TimeSpan duration)
    {
        Appended(group.Appends.Count, group.Length);
        _commitDuration.Record(duration.TotalSeconds);
        _commitRecords.Record(group.Appends.Count);
    }

    internal void Appended(int records, long bytes)
    {
        _records.Add(records);
        _bytes.Add(bytes);
    }

    internal void CommitFailed() => _failures.Add(1);

    internal void Damaged(long records) => _damaged.Add(records);

    internal void TornTail() => _tornTails.Add(1);
}
