using System.ComponentModel.DataAnnotations;

namespace ArtMqtt.WebGateway.Live.Journal;

/// <summary>What is kept of live streams in the database, for watchers that were away for long.</summary>
internal sealed class JournalOptions
{
    public const string Section = "Gateway:Journal";

    /// <summary>Whether it is kept at all. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>How long events are kept, up to an hour longer. Default 3 h.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan KeepFor { get; init; } = TimeSpan.FromHours(3);

    /// <summary>Least time between two writes; what happens meanwhile is written together. Default 500 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan WriteInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Events that wait while the database does not take them, about 300 bytes each; what comes when it is full is not
    /// kept, and who missed it gets the snapshot only. Default 50,000.
    /// </summary>
    [Range(1, 10_000_000)]
    public int Capacity { get; init; } = 50_000;

    /// <summary>Most events that one who comes back is given; who missed more gets the snapshot. Default 10,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxCatchUp { get; init; } = 10_000;
}
