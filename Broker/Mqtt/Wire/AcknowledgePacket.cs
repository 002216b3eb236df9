namespace ArtMqtt.Broker.Mqtt.Wire;

/// <summary>A PUBACK, PUBREC, PUBREL or PUBCOMP from a client.</summary>
/// <param name="PacketId">Which publish it is about.</param>
/// <param name="Reason">What the client made of it.</param>
internal readonly record struct AcknowledgePacket(ushort PacketId, ReasonCode Reason)
{
    /// <summary>Reads the body.</summary>
    /// <param name="type">Which of the four it is.</param>
    /// <param name="body">What follows the fixed header.</param>
    /// <param name="isVersion5">Whether there may be a reason and properties.</param>
    /// <param name="packet">The packet, when it is right.</param>
    /// <returns>Why not, or <see cref="ReasonCode.Success"/>.</returns>
    public static ReasonCode TryRead(
        PacketType type, ReadOnlySpan<byte> body, bool isVersion5, out AcknowledgePacket packet)
    {
        var reader = new WireReader(body);
        var id = reader.PacketId();
        var reason = ReasonCode.Success;
        if (isVersion5 && !reader.IsEnd)
        {
            reason = (ReasonCode)reader.Byte();
            reader.Require(IsKnown(type, reason), ReasonCode.ProtocolError);
            if (!reader.IsEnd)
            {
                PropertySet.Read(ref reader, PropertyScope.Acknowledge);
            }
        }

        packet = new AcknowledgePacket(id, reason);
        return reader.End();
    }

    // MQTT 5, tables 3-4 to 3-7.
    private static bool IsKnown(PacketType type, ReasonCode reason) => type is PacketType.PubRel or PacketType.PubComp
        ? reason is ReasonCode.Success or ReasonCode.PacketIdentifierNotFound
        : reason is ReasonCode.Success or ReasonCode.NoMatchingSubscribers or ReasonCode.UnspecifiedError
            or ReasonCode.ImplementationSpecificError or ReasonCode.NotAuthorized or ReasonCode.TopicNameInvalid
            or ReasonCode.PacketIdentifierInUse or ReasonCode.QuotaExceeded or ReasonCode.PayloadFormatInvalid;
}
