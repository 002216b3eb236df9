using ArtMqtt.Broker.Mqtt.Routing;
using ArtMqtt.Broker.Mqtt.Wire;

namespace ArtMqtt.Broker.Mqtt.Sessions;

/// <summary>The connection a session's client is reached by. Nothing here waits for the client.</summary>
internal interface IClientLink
{
    /// <summary>Publishes with quality 1 and 2 the client takes before it acknowledges one.</summary>
    int ReceiveMaximum { get; }

    /// <summary>Whether it understands MQTT 5.</summary>
    bool IsVersion5 { get; }

    /// <summary>Whether the client takes a packet as large as this.</summary>
    bool Fits(Message message, byte quality, uint[]? identifiers);

    /// <summary>Queues a packet.</summary>
    /// <param name="packet">What to send.</param>
    /// <param name="room">Packets that may wait on top of the usual bound.</param>
    /// <returns>False when too much waits already; only a publish with quality 0 can be turned away.</returns>
    bool TrySend(in Outgoing packet, int room = 0);

    /// <summary>Ends the connection, with a reason where the client understands one. Returns at once.</summary>
    void Close(ReasonCode reason);
}
