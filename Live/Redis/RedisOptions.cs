using System.ComponentModel.DataAnnotations;

namespace ArtMqtt.Live.Redis;

/// <summary>How several nodes share their live streams through Redis 7 or Valkey.</summary>
public sealed class RedisOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Live:Redis";

    /// <summary>Name of the connection string; empty: this is the only node.</summary>
    public const string ConnectionName = "Redis";

    /// <summary>
    /// Servers and settings in the form of StackExchange.Redis, for example <c>redis-1:6379,redis-2:6379,password=…</c>: one server,
    /// the nodes of a cluster, or sentinels with <c>serviceName</c>. Taken from <c>ConnectionStrings:Redis</c>.
    /// </summary>
    internal string Configuration { get; set; } = "";

    /// <summary>First part of all keys and channels, so that installations can share a server. Default <c>art</c>.</summary>
    [RegularExpression("[A-Za-z0-9_.-]{1,32}")]
    public string Prefix { get; init; } = "art";

    /// <summary>How long a command may take before Redis counts as silent. Default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Time between two tries while Redis is not there. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a node goes on hearing a stream that nobody on it watches any more. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan LeaveAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Events that a node keeps for each stream while Redis is not there, to tell the other nodes later; the oldest give way.
    /// Default 256.
    /// </summary>
    [Range(1, 65_536)]
    public int MaxUntold { get; init; } = 256;

    /// <summary>Events that are numbered in one step at most; Redis serves nobody else meanwhile. Default 128.</summary>
    [Range(1, 1_024)]
    public int MaxEnvelope { get; init; } = 128;
}
