using System.ComponentModel.DataAnnotations;

namespace ArtMqtt.WebGateway.Live;

/// <summary>How live events go to browsers.</summary>
internal sealed class LiveFeedOptions
{
    public const string Section = "Gateway:Live";

    /// <summary>Least time between two flushes to one connection. Default 100 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan FlushInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Most requests one connection watches. Default 100.</summary>
    [Range(1, 100_000)]
    public int MaxWatches { get; init; } = 100;

    /// <summary>Calls of one connection in a minute, joins and positions; what is left may be used at once. Default 6,000.</summary>
    [Range(1, 10_000_000)]
    public int MaxInvocationsPerMinute { get; init; } = 6_000;

    /// <summary>Most connections on this node, of the hub and of server-sent events. Default 20,000.</summary>
    [Range(1, 10_000_000)]
    public int MaxConnections { get; init; } = 20_000;

    /// <summary>Most polls that wait for something to happen; the next ones are answered at once. Default 10,000.</summary>
    [Range(0, 10_000_000)]
    public int MaxWaitingPolls { get; init; } = 10_000;

    /// <summary>Most status events that wait for one connection; one more closes it, and it resyncs. Default 128.</summary>
    [Range(1, 100_000)]
    public int MaxPendingStatus { get; init; } = 128;
}
