using ArtMqtt.DeviceAgent.Sources;

namespace ArtMqtt.DeviceAgent.Status;

/// <summary>What a running agent tells about itself.</summary>
internal sealed record AgentStatus
{
    /// <summary>Who it is.</summary>
    public required string DeviceId { get; init; }

    /// <summary>Seconds since it was started.</summary>
    public required long RunsForS { get; init; }

    /// <summary>Resident memory in MiB.</summary>
    public required long MemoryMib { get; init; }

    /// <summary>The receiver, as it was set up.</summary>
    public required string Source { get; init; }

    /// <summary>What the receiver told.</summary>
    public required SourceCounts Receiver { get; init; }

    /// <summary>Fixes that were judged.</summary>
    public required long Judged { get; init; }

    /// <summary>The last fix, whether it was kept or not; null before the first.</summary>
    public required LastFix? LastFix { get; init; }

    /// <summary>Whether the machine knows what time it is.</summary>
    public required bool IsClockSet { get; init; }

    /// <summary>Where it is connected, or null.</summary>
    public required string? Server { get; init; }

    /// <summary>Why it is not.</summary>
    public required string? Trouble { get; init; }

    /// <summary>How often it connected.</summary>
    public required long Connects { get; init; }

    /// <summary>Positions kept since the start.</summary>
    public required long Kept { get; init; }

    /// <summary>Positions the server has.</summary>
    public required long Acknowledged { get; init; }

    /// <summary>Positions that wait.</summary>
    public required long Waiting { get; init; }

    /// <summary>Positions the server will never take.</summary>
    public required long Refused { get; init; }

    /// <summary>Positions given up because of the spool's bounds.</summary>
    public required long GivenUp { get; init; }

    /// <summary>Bytes that wait.</summary>
    public required long SpoolBytes { get; init; }

    /// <summary>Most bytes that may wait.</summary>
    public required long SpoolCapacity { get; init; }

    /// <summary>Whether they are on a disk.</summary>
    public required bool IsDurable { get; init; }

    /// <summary>What is wrong with the disk, or null.</summary>
    public required string? SpoolFailure { get; init; }

    /// <summary>Bytes that went over a metered network, or null.</summary>
    public required long? Spent { get; init; }

    /// <summary>Bytes that may in 24 hours, or null.</summary>
    public required long? DailyBytes { get; init; }
}

/// <summary>A place and its time.</summary>
internal sealed record LastFix(double Lat, double Lng, DateTimeOffset Time);
