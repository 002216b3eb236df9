using System.Buffers;
using System.Buffers.Binary;
using ArtMqtt.Broker.Mqtt.Routing;
using ArtMqtt.Broker.Mqtt.Sessions;
using ArtMqtt.Broker.Mqtt.Wire;

namespace ArtMqtt.Broker.Mqtt.Connections;

/// <summary>
/// Writes PUBLISH packets for one connection straight into its output: topic, properties and payload of a message are
/// encoded once and copied for each receiver.
/// </summary>
/// <param name="isVersion5">Whether the client speaks MQTT 5.</param>
/// <param name="maxPacketBytes">Largest packet it takes, in bytes.</param>
/// <param name="aliases">Topic aliases towards it, or null.</param>
internal sealed class PublishWriter(bool isVersion5, uint maxPacketBytes, OutgoingAliases? aliases)
{
    /// <summary>Whether the client takes a packet of that size.</summary>
    public bool Fits(Message message, byte quality, uint[]? identifiers) =>
        PublishSize.Of(message, quality, identifiers, isVersion5) <= maxPacketBytes;

    /// <summary>Writes a publish.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="message">What.</param>
    /// <param name="packet">How it goes to this client.</param>
    /// <param name="now">For what is left of its time.</param>
    public void Write(IBufferWriter<byte> output, Message message, in Outgoing packet, DateTimeOffset now)
    {
        var topic = message.TopicBytes.Span;
        var alias = AliasOf(message, packet.Identifiers);
        var expiry = message.SecondsLeft(now);
        var properties = !isVersion5 ? 0
            : message.Properties.Length + (expiry is null ? 0 : PublishSize.ExpiryBytes)
                + (alias == 0 ? 0 : PublishSize.AliasBytes) + PublishSize.Of(packet.Identifiers);
        if (alias != 0 && !aliases!.IsToBeNamed(message.Topic, alias))
        {
            topic = default;
        }

        var head = 2 + topic.Length + (packet.PacketId == 0 ? 0 : 2)
            + (isVersion5 ? VariableNumbers.Size((uint)properties) + properties : 0);
        var span = output.GetSpan(1 + VariableNumbers.MaxBytes + head);
        span[0] = packet.Header;
        var at = 1 + VariableNumbers.Write(span[1..], (uint)(head + message.Payload.Length));
        WriteTopic(span, ref at, topic, packet.PacketId);
        if (isVersion5)
        {
            at += VariableNumbers.Write(span[at..], (uint)properties);
            WriteProperties(span, ref at, expiry, alias, packet.Identifiers);
            message.Properties.Span.CopyTo(span[at..]);
            at += message.Properties.Length;
        }

        output.Advance(at);
        output.Write(message.Payload.Span);
    }

    // The first packet with an alias is longer than one without: not if that would be more than the client takes.
    private ushort AliasOf(Message message, uint[]? identifiers) =>
        aliases is not null
        && PublishSize.Of(message, quality: 1, identifiers, isVersion5) + PublishSize.AliasBytes + 1 <= maxPacketBytes
            ? aliases.Find(message.Topic)
            : (ushort)0;

    private static void WriteTopic(Span<byte> span, ref int at, ReadOnlySpan<byte> topic, ushort packetId)
    {
        BinaryPrimitives.WriteUInt16BigEndian(span[at..], (ushort)topic.Length);
        topic.CopyTo(span[(at + 2)..]);
        at += 2 + topic.Length;
        if (packetId != 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(span[at..], packetId);
            at += 2;
        }
    }

    private static void WriteProperties(Span<byte> span, ref int at, uint? expiry, ushort alias, uint[]? identifiers)
    {
        if (expiry is { } seconds)
        {
            span[at] = (byte)PropertyId.MessageExpiryInterval;
            BinaryPrimitives.WriteUInt32BigEndian(span[(at + 1)..], seconds);
            at += PublishSize.ExpiryBytes;
        }

        if (alias != 0)
        {
            span[at] = (byte)PropertyId.TopicAlias;
            BinaryPrimitives.WriteUInt16BigEndian(span[(at + 1)..], alias);
            at += PublishSize.AliasBytes;
        }

        foreach (var identifier in identifiers ?? [])
        {
            span[at] = (byte)PropertyId.SubscriptionIdentifier;
            at += 1 + VariableNumbers.Write(span[(at + 1)..], identifier);
        }
    }
}
