using ArtMqtt.Broker.Mqtt.Routing;
using ArtMqtt.Broker.Mqtt.Sessions;

namespace ArtMqtt.Broker.Mqtt.Storage;

/// <summary>How a stored message goes to its session; the message itself is stored beside it.</summary>
/// <param name="Quality">Quality of service.</param>
/// <param name="IsRetained">Retain flag.</param>
/// <param name="Identifiers">Subscription identifiers, or null.</param>
/// <param name="PacketId">Packet identifier; 0 while it waits.</param>
/// <param name="IsReleased">Quality 2: the client has it.</param>
internal sealed record StoredDelivery(
    byte Quality, bool IsRetained, uint[]? Identifiers, ushort PacketId, bool IsReleased)
{
    /// <summary>From a message.</summary>
    public static StoredDelivery Of(StoredMessage stored) =>
        new(stored.Quality, stored.IsRetained, stored.Identifiers, stored.PacketId, stored.IsReleased);

    /// <summary>Back to a message.</summary>
    public StoredMessage ToStored(long sequence, Message message) =>
        new(sequence, message, Quality, IsRetained, Identifiers, PacketId, IsReleased);
}
