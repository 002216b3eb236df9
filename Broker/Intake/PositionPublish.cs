using ArtMqtt.Broker.Auth;

namespace ArtMqtt.Broker.Intake;

/// <summary>A message that a client published to a topic of positions.</summary>
/// <param name="Client">Who published it.</param>
/// <param name="Topic">Where.</param>
/// <param name="ContentType">MQTT 5 or HTTP content type, or null.</param>
/// <param name="Payload">What; not kept after the call.</param>
internal readonly record struct PositionPublish(
    ClientIdentity Client, string Topic, string? ContentType, ReadOnlyMemory<byte> Payload)
{
    /// <summary>How the payload is written, where the topic leaves it open. Default ours.</summary>
    public PayloadDialect Dialect { get; init; }

    /// <summary>When a dead letter arrived that is taken in once more, UTC: no other one is made of it. Else null.</summary>
    public DateTimeOffset? ReceivedAt { get; init; }
}
