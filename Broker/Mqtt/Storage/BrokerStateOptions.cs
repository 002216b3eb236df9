using System.ComponentModel.DataAnnotations;

namespace ArtMqtt.Broker.Mqtt.Storage;

/// <summary>What the broker keeps for clients that are away, and where.</summary>
public sealed class BrokerStateOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Broker:State";

    /// <summary>
    /// File for sessions and retained messages, so that they survive a restart; folders must exist. Default none:
    /// they are kept in memory only. A node sets it to <c>broker.db</c> in its data folder.
    /// </summary>
    public string? File { get; set; }

    /// <summary>
    /// Longest a session outlives its connection; MQTT 3.1.1 clients that want theirs kept get this. Zero keeps none.
    /// Default 1 day.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan MaxSessionExpiry { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Most sessions of clients that are away; beyond, new ones end with their connection. Default 50,000.</summary>
    [Range(0, 1_000_000)]
    public int MaxDetachedSessions { get; set; } = 50_000;

    /// <summary>Most retained messages; beyond, no topic gets a new one. Default 250,000.</summary>
    [Range(0, 10_000_000)]
    public int MaxRetainedMessages { get; set; } = 250_000;
}
