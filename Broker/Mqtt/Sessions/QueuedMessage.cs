using ArtMqtt.Broker.Mqtt.Routing;

namespace ArtMqtt.Broker.Mqtt.Sessions;

/// <summary>A message with quality 1 or 2 on its way to one session, until the client has acknowledged it.</summary>
/// <param name="message">What is delivered.</param>
/// <param name="quality">Quality of service to this session, 1 or 2.</param>
/// <param name="isRetained">Retain flag to this session.</param>
/// <param name="identifiers">Subscription identifiers, or null.</param>
internal sealed class QueuedMessage(Message message, byte quality, bool isRetained, uint[]? identifiers)
{
    /// <summary>What is delivered; replaced when only the newest counts and it was not sent yet.</summary>
    public Message Message { get; set; } = message;

    /// <summary>Quality of service to this session, 1 or 2.</summary>
    public byte Quality { get; } = quality;

    /// <summary>Retain flag to this session.</summary>
    public bool IsRetained { get; } = isRetained;

    /// <summary>Subscription identifiers, or null.</summary>
    public uint[]? Identifiers { get; } = identifiers;

    /// <summary>Place in the session's order.</summary>
    public long Sequence { get; set; }

    /// <summary>Packet identifier; 0 while it waits.</summary>
    public ushort PacketId { get; set; }

    /// <summary>Quality 2: the client has it (PUBREC) and waits for PUBREL or has got it.</summary>
    public bool IsReleased { get; set; }

    /// <summary>It was sent before, on this or an earlier connection.</summary>
    public bool WasSent { get; set; }

    /// <summary>The store has it, perhaps in an older form.</summary>
    public bool IsStored { get; set; }
}
