using ArtMqtt.Broker.Mqtt.Routing;

namespace ArtMqtt.Broker.Mqtt.Sessions;

/// <summary>How a message goes to one session.</summary>
/// <param name="Message">What.</param>
/// <param name="Quality">Quality of service to this session.</param>
/// <param name="IsRetained">Retain flag to this session.</param>
/// <param name="Identifiers">Subscription identifiers, or null.</param>
/// <param name="Room">How many more may wait than usual: as many as there are retained messages for a new subscription.</param>
internal readonly record struct Delivery(
    Message Message, byte Quality, bool IsRetained, uint[]? Identifiers, int Room = 0);

/// <summary>What became of it.</summary>
internal enum DeliveryResult
{
    /// <summary>Sent, or kept to be sent.</summary>
    Taken,

    /// <summary>Kept in a session that outlives its connection: durable once the store has it.</summary>
    Kept,

    /// <summary>The client is not there, and the message is not one that waits for it.</summary>
    Absent,

    /// <summary>Too much waits for the client; an older message, or this one, is lost to it.</summary>
    Dropped,
}
