using ArtMqtt.Broker.Mqtt.Routing;

namespace ArtMqtt.Broker.Mqtt.Sessions;

/// <summary>A session's message as it is stored: a copy that does not change while it is written.</summary>
/// <param name="Sequence">Place in the session's order.</param>
/// <param name="Message">What is delivered.</param>
/// <param name="Quality">Quality of service to this session.</param>
/// <param name="IsRetained">Retain flag to this session.</param>
/// <param name="Identifiers">Subscription identifiers, or null.</param>
/// <param name="PacketId">Packet identifier; 0 while it waits.</param>
/// <param name="IsReleased">Quality 2: the client has it.</param>
internal sealed record StoredMessage(
    long Sequence, Message Message, byte Quality, bool IsRetained, uint[]? Identifiers, ushort PacketId, bool IsReleased)
{
    /// <summary>Copies a message.</summary>
    public static StoredMessage Of(QueuedMessage queued) => new(
        queued.Sequence, queued.Message, queued.Quality, queued.IsRetained, queued.Identifiers, queued.PacketId,
        queued.IsReleased);

    /// <summary>The message, as after a restart: what was in flight counts as sent.</summary>
    public QueuedMessage ToQueued() => new(Message, Quality, IsRetained, Identifiers)
    {
        Sequence = Sequence,
        PacketId = PacketId,
        IsReleased = IsReleased,
        WasSent = PacketId != 0,
        IsStored = true,
    };
}
