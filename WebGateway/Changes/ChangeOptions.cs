using System.ComponentModel.DataAnnotations;

namespace ArtMqtt.WebGateway.Changes;

/// <summary>How row changes, broadcasts and presence are served.</summary>
internal sealed class ChangeOptions
{
    public const string Section = "Gateway:Changes";

    /// <summary>Whether they are at all. Each node with it takes one replication slot. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Most connections on this node. Default 20,000.</summary>
    [Range(1, 10_000_000)]
    public int MaxConnections { get; init; } = 20_000;

    /// <summary>Most channels of one connection. Default 100.</summary>
    [Range(1, 100_000)]
    public int MaxChannels { get; init; } = 100;

    /// <summary>Most subscriptions to row changes of one channel. Default 20.</summary>
    [Range(1, 10_000)]
    public int MaxSubscriptions { get; init; } = 20;

    /// <summary>Longest message of a client, in bytes. Default 256 KiB.</summary>
    [Range(1_024, 16 * 1024 * 1024)]
    public int MaxMessageBytes { get; init; } = 256 * 1024;

    /// <summary>Most messages of one client in a second; the next ones are read later. Default 100.</summary>
    [Range(1, 1_000_000)]
    public int MaxMessagesPerSecond { get; init; } = 100;

    /// <summary>Most bytes that wait for one connection; more closes it, and the client joins and reads again. Default 1 MiB.</summary>
    [Range(16 * 1024, 1024 * 1024 * 1024)]
    public int MaxPendingBytes { get; init; } = 1024 * 1024;

    /// <summary>Longest filter, in characters. Default 1,000.</summary>
    [Range(1, 100_000)]
    public int MaxFilterLength { get; init; } = 1_000;

    /// <summary>A connection that sends nothing for so long is closed; clients send a heartbeat each 25 s. Default 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(1);
}
