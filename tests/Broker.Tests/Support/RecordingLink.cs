using ArtMqtt.Broker.Mqtt.Routing;
using ArtMqtt.Broker.Mqtt.Sessions;
using ArtMqtt.Broker.Mqtt.Wire;

namespace ArtMqtt.Broker.Tests.Support;

/// <summary>A connection that remembers what it was to send.</summary>
internal sealed class RecordingLink : IClientLink
{
    public List<Outgoing> Sent { get; } = [];

    /// <summary>Payloads of the publishes it was to send.</summary>
    public IEnumerable<string> Payloads =>
        Sent.Select(p => p.Body).OfType<Message>().Select(m => System.Text.Encoding.UTF8.GetString(m.Payload.Span));

    public ReasonCode? Closed { get; private set; }

    public int ReceiveMaximum { get; init; } = ushort.MaxValue;

    public bool IsVersion5 => true;

    public bool Fits(Message message, byte quality, uint[]? identifiers) => true;

    public bool TrySend(in Outgoing packet, int room = 0)
    {
        Sent.Add(packet);
        return true;
    }

    public void Close(ReasonCode reason) => Closed ??= reason;
}
