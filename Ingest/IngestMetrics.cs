using System.Diagnostics.Metrics;
using ArtMqtt.Spool;
using ArtMqtt.Store;
using ArtMqtt.Store.LifeCycle;

namespace ArtMqtt.Ingest;

/// <summary>The meter <c>ArtMqtt.Ingest</c>.</summary>
internal sealed class IngestMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "ArtMqtt.Ingest";

    private readonly Counter<long> _written;
    private readonly Counter<long> _duplicates;
    private readonly Counter<long> _suspect;
    private readonly Counter<long> _deadLetters;
    private readonly Counter<long> _lostLetters;
    private readonly Counter<long> _deviceEvents;
    private readonly Counter<long> _lostDeviceEvents;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _hours;
    private readonly Counter<long> _forgotten;
    private readonly Counter<long> _compressed;
    private readonly Counter<long> _crossings;
    private readonly Histogram<int> _batchSize;
    private readonly Histogram<double> _writeDuration;
    private readonly Histogram<double> _lag;

    public IngestMetrics(IMeterFactory meters, ISpool spool, IngestState state)
    {
        var meter = meters.Create(MeterName);
        _written = meter.CreateCounter<long>("artmqtt.ingest.positions.written", "{position}");
        _duplicates = meter.CreateCounter<long>("artmqtt.ingest.positions.duplicates", "{position}");
        _suspect = meter.CreateCounter<long>("artmqtt.ingest.positions.suspect", "{position}");
        _deadLetters = meter.CreateCounter<long>("artmqtt.ingest.dead_letters", "{letter}");
        _lostLetters = meter.CreateCounter<long>("artmqtt.ingest.dead_letters.lost", "{letter}");
        _deviceEvents = meter.CreateCounter<long>("artmqtt.ingest.device_events", "{event}");
        _lostDeviceEvents = meter.CreateCounter<long>("artmqtt.ingest.device_events.lost", "{event}");
        _failures = meter.CreateCounter<long>("artmqtt.ingest.failures", "{failure}");
        _hours = meter.CreateCounter<long>("artmqtt.ingest.hours.summed", "{hour}");
        _forgotten = meter.CreateCounter<long>("artmqtt.ingest.forgotten", "{item}");
        _compressed = meter.CreateCounter<long>("artmqtt.ingest.chunks.compressed", "{chunk}");
        _crossings = meter.CreateCounter<long>("artmqtt.ingest.geofences.crossed", "{crossing}");
        _batchSize = meter.CreateHistogram<int>("artmqtt.ingest.batch.size", "{position}");
        _writeDuration = meter.CreateHistogram<double>("artmqtt.ingest.write.duration", "s");
        _lag = meter.CreateHistogram<double>(
            "artmqtt.ingest.lag", "s", "From the arrival of a batch's newest position to its commit.");
        meter.CreateObservableGauge("artmqtt.ingest.spool.waiting", () => spool.Status.Records, "{record}");
        meter.CreateObservableGauge(
            "artmqtt.ingest.write.age", () => spool.Status.Records == 0 ? 0 : state.SinceStep.TotalSeconds, "s",
            "Since something was stored, while records wait.");
    }

    /// <summary>Positions were committed.</summary>
    /// <param name="written">Those that are new.</param>
    /// <param name="duplicates">Those that were there already.</param>
    /// <param name="isSuspect">Whether their clock is impossible.</param>
    /// <param name="duration">How long it took.</param>
    public void Written(int written, int duplicates, bool isSuspect, TimeSpan duration)
    {
        (isSuspect ? _suspect : _written).Add(written);
        _duplicates.Add(duplicates);
        _batchSize.Record(written + duplicates);
        _writeDuration.Record(duration.TotalSeconds);
    }

    /// <summary>Positions that were twice in one batch.</summary>
    public void Duplicates(int count) => _duplicates.Add(count);

    /// <summary>How long the newest position of a batch was on its way through here; 0 when the clock was set back.</summary>
    public void Lag(TimeSpan lag) => _lag.Record(Math.Max(0, lag.TotalSeconds));

    /// <summary>Something was kept as a dead letter.</summary>
    public void DeadLetter(string code) => _deadLetters.Add(1, new KeyValuePair<string, object?>("code", code));

    /// <summary>Dead letters were refused by the database too.</summary>
    public void LostLetters(int count) => _lostLetters.Add(count);

    /// <summary>What happened to devices was stored.</summary>
    public void DeviceEvents(int count) => _deviceEvents.Add(count);

    /// <summary>The database refused what happened to devices.</summary>
    public void LostDeviceEvents(int count) => _lostDeviceEvents.Add(count);

    /// <summary>A step failed and will be tried again.</summary>
    public void Failure(string step, Exception exception) => _failures.Add(
        1, new KeyValuePair<string, object?>("step", step),
        new KeyValuePair<string, object?>("reason", StoreFailure.Label(exception)));

    /// <summary>So many hours of devices were summed up.</summary>
    public void HoursSummed(int count) => _hours.Add(count);

    /// <summary>Chunks and rows were removed for their age.</summary>
    public void Forgotten(Forgotten forgotten)
    {
        Add("chunk", forgotten.Chunks);
        Add("position", forgotten.Positions);
        Add("hour", forgotten.Hours);
        Add("suspect_position", forgotten.SuspectPositions);
        Add("dead_letter", forgotten.DeadLetters);
        Add("device_event", forgotten.DeviceEvents);

        void Add(string kind, long count) => _forgotten.Add(count, new KeyValuePair<string, object?>("kind", kind));
    }

    /// <summary>Devices entered or left so many geofences.</summary>
    public void GeofencesCrossed(int count) => _crossings.Add(count);

    /// <summary>A chunk was compressed.</summary>
    public void ChunkCompressed() => _compressed.Add(1);
}
