using ArtMqtt.DeviceAgent.Clocks;
using ArtMqtt.DeviceAgent.Filtering;
using ArtMqtt.DeviceAgent.Publishing;
using ArtMqtt.DeviceAgent.Running;
using ArtMqtt.DeviceAgent.Sources;
using ArtMqtt.Spool;

namespace ArtMqtt.DeviceAgent.Status;

/// <summary>Puts together what a running agent tells about itself.</summary>
internal sealed class SelfDescription(
    PublisherOptions options, string source, SourceCounts receiver, FilterCounts judged, FixPump pump,
    PositionPublisher publisher, ISpool spool, BootClock clock, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();

    /// <summary>As it is now.</summary>
    public AgentStatus Read()
    {
        var (kept, store) = (publisher.Counts, spool.Status);
        return new AgentStatus
        {
            DeviceId = options.DeviceId,
            RunsForS = (long)time.GetElapsedTime(_started).TotalSeconds,
            MemoryMib = Environment.WorkingSet >> 20,
            Source = source,
            Receiver = receiver,
            Judged = judged.Total,
            LastFix = pump.Last is { } fix ? new LastFix(fix.Latitude, fix.Longitude, fix.FixTime) : null,
            IsClockSet = clock.IsSet,
            Server = publisher.Server?.ToString(),
            Trouble = publisher.Trouble,
            Connects = kept.Connects,
            Kept = kept.Kept,
            Acknowledged = kept.Acknowledged,
            Waiting = store.Records,
            Refused = kept.Refused,
            GivenUp = kept.Dropped + kept.Expired,
            SpoolBytes = store.Bytes,
            SpoolCapacity = store.CapacityBytes,
            IsDurable = spool is DurableSpool,
            SpoolFailure = store.Failure,
            Spent = publisher.Spent,
            DailyBytes = options.DailyBytes,
        };
    }
}
