using ArtMqtt.Broker.Auth;
using ArtMqtt.Broker.Mqtt.Routing;
using ArtMqtt.Broker.Mqtt.Wire;

namespace ArtMqtt.Broker.Mqtt.Sessions;

/// <summary>A client's last will.</summary>
/// <param name="Packet">As it was in CONNECT.</param>
/// <param name="Identity">Whose it is.</param>
internal sealed record PendingWill(WillPacket Packet, ClientIdentity Identity)
{
    /// <summary>When it is sent, UTC; null while the client is connected.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>The message it becomes when it is sent.</summary>
    public Message ToMessage(DateTimeOffset now) => new()
    {
        Topic = Packet.Topic,
        Payload = Packet.Payload,
        Quality = Packet.Quality,
        IsRetained = Packet.IsRetained,
        Properties = Packet.Forwarded,
        ExpiresAt = Packet.ExpirySeconds is { } seconds ? now.AddSeconds(seconds) : null,
    };
}
