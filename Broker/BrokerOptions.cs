using System.ComponentModel.DataAnnotations;

namespace ArtMqtt.Broker;

/// <summary>Where the broker listens and what it allows a client.</summary>
public sealed class BrokerOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Broker";

    /// <summary>IP address to listen on. Default loopback; <c>0.0.0.0</c> or <c>::</c> for all.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>TCP port; 0: none, for positions that come by TLS, over HTTP or from an upstream broker only. Default 1883.</summary>
    [Range(0, 65_535)]
    public int Port { get; set; } = 1883;

    /// <summary>Most connections, TCP and WebSocket together. Default 20,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; set; } = 20_000;

    /// <summary>
    /// Most connections of one address; IPv6 counts by /64. Fleets behind one proxy or carrier share an address.
    /// Default 5,000.
    /// </summary>
    [Range(1, 1_000_000)]
    public int MaxConnectionsPerAddress { get; set; } = 5_000;

    /// <summary>
    /// Clients that may sign in per second; when a whole fleet comes back at once, the others wait their turn, as long
    /// as <see cref="ConnectTimeout"/>, then they are asked to come later. Default 2,000.
    /// </summary>
    [Range(1, 1_000_000)]
    public int MaxConnectsPerSecond { get; set; } = 2_000;

    /// <summary>Largest CONNECT packet in bytes, before we know who it is. Default 4 KiB.</summary>
    [Range(256, 64 << 10)]
    public int MaxPacketBytesBeforeConnect { get; set; } = 4 << 10;

    /// <summary>Largest packet in bytes after that. Default 64 KiB.</summary>
    [Range(1 << 10, 256 << 10)]
    public int MaxPacketBytes { get; set; } = 64 << 10;

    /// <summary>Longest time from the connection to a complete CONNECT. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:02:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest keep-alive of an MQTT 5 client, which is told; 3.1.1 clients keep theirs. Default 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:30", "18:00:00")]
    public TimeSpan MaxKeepAlive { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Publishes of one client that may wait for the spool; then it is no longer read. Default 64.</summary>
    [Range(1, 1_024)]
    public int MaxInFlight { get; set; } = 64;

    /// <summary>
    /// Messages that wait for one slow subscriber; beyond, it is disconnected. Of positions only the newest of each topic
    /// waits. Default 1,000.
    /// </summary>
    [Range(10, 100_000)]
    public int MaxQueuedPerClient { get; set; } = 1_000;

    /// <summary>Publishes a client may send per second; beyond, it is read more slowly. Default 1,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxPublishesPerSecond { get; set; } = 1_000;

    /// <summary>Bytes of publishes a client may send per second; beyond, it is read more slowly. Default 1 MiB.</summary>
    [Range(1 << 10, 1 << 30)]
    public int MaxBytesPerSecond { get; set; } = 1 << 20;

    /// <summary>How long a client may press on at its limit without a pause; then it is disconnected. Default 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ThrottleTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Silence after which the operating system asks whether a client without keep-alive is still there. Default 2 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:10", "02:00:00")]
    public TimeSpan TcpKeepAlive { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Most subscriptions of one client. Default 50.</summary>
    [Range(1, 1_000)]
    public int MaxSubscriptionsPerClient { get; set; } = 50;

    /// <summary>Longest topic or topic filter, in characters. Default 256.</summary>
    [Range(64, 65_535)]
    public int MaxTopicLength { get; set; } = 256;

    /// <summary>Most levels of a topic or topic filter. Default 16.</summary>
    [Range(8, 1_000)]
    public int MaxTopicLevels { get; set; } = 16;

    /// <summary>How long a client may read nothing of what waits for it; then it is disconnected. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan UnreadTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Most positions in one payload. Default 1,000.</summary>
    [Range(1, 5_000)]
    public int MaxPositionsPerPayload { get; set; } = 1_000;

    /// <summary>How far a device's clock may be ahead of ours. Default 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan MaxClockAhead { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How old a position may be and still be believed. Default 365 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan MaxClockBehind { get; set; } = TimeSpan.FromDays(365);

    /// <summary>
    /// How much older than the assignment a position may be and still belong to the request: devices' clocks are
    /// slow at times. Older ones are stored for the device alone; the customer never sees them. Default 1 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan AssignmentSlack { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Least time between two places of a request and role that are shown live: the first is shown at once, the newest of
    /// the rest at its end. Everything is stored. Zero: all are shown. Default 2 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan LiveInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest wait for the spool before a publish is refused. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:02:00")]
    public TimeSpan AppendTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Bad payloads of one client that are kept as dead letters per minute. Default 10.</summary>
    [Range(0, 1_000)]
    public int DeadLettersPerMinute { get; set; } = 10;

    /// <summary>
    /// Whether an MQTT 3.1.1 client that publishes where it may not is disconnected: its acknowledgement cannot say
    /// no. When false it is acknowledged as if all were well. Default true.
    /// </summary>
    public bool CloseOnDeniedPublish { get; set; } = true;

    /// <summary>Most retained status messages; beyond, the oldest goes. Default 10,000.</summary>
    [Range(1, 100_000)]
    public int MaxRetainedStatuses { get; set; } = 10_000;

    /// <summary>How long the final status of a request stays retained. Default 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan RetainFinalStatus { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Longest wait, when stopping, for publishes that were taken and not yet acknowledged. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
