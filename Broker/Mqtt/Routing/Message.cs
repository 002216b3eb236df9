using System.Text;

namespace ArtMqtt.Broker.Mqtt.Routing;

/// <summary>
/// An application message on its way to subscribers; shared by all of them, never changed.
/// </summary>
internal sealed class Message
{
    /// <summary>Topic.</summary>
    public required string Topic { get; init; }

    /// <summary>Payload; owned by the message.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Quality of service it was published with, 0 to 2.</summary>
    public byte Quality { get; init; }

    /// <summary>Whether it was published to be kept for later subscribers.</summary>
    public bool IsRetained { get; init; }

    /// <summary>MQTT 5 properties for its receivers, as they go over the wire; empty when there are none.</summary>
    public ReadOnlyMemory<byte> Properties { get; init; }

    /// <summary>When it is no longer worth delivering, UTC; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>
    /// Only the newest on its topic counts: while an older one waits for a slow subscriber, this one takes its place.
    /// </summary>
    public bool IsNewestWins { get; init; }

    /// <summary>
    /// The firm whose device or request it is about; empty for none. Null when nobody knows: only those receive it who
    /// see all firms, and whom it is about.
    /// </summary>
    public string? Tenant { get; init; }

    /// <summary>The topic as it goes over the wire.</summary>
    public ReadOnlyMemory<byte> TopicBytes => _topicBytes ??= Encoding.UTF8.GetBytes(Topic);

    private byte[]? _topicBytes;

    /// <summary>Whether it is too late to deliver it.</summary>
    public bool IsExpired(DateTimeOffset now) => ExpiresAt <= now;

    /// <summary>Seconds it has left, at least 1 as long as it is not expired; null for ever.</summary>
    public uint? SecondsLeft(DateTimeOffset now) =>
        ExpiresAt is { } end ? (uint)Math.Clamp(Math.Ceiling((end - now).TotalSeconds), 1, uint.MaxValue) : null;
}
