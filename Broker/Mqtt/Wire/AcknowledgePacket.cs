namespace ArtMqtt.Broker.Mqtt.Wire;

/// <summary>A PUBACK, PUBREC, PUBREL or PUBCOMP from a client.</summary>
/// <param name="PacketId">Which publish it is about.</param>
/// <param name="Reason">What the client made of it.</param>
internal readonly record struct AcknowledgePacket(ushort PacketId, ReasonCode Reason)
{
    /// <summary>Reads the body.</summary>
    /// <returns>Why not, or <see cref="ReasonCode.Success"/>.</returns>
    public static ReasonCode TryRead(ReadOnlySpan<byte> body, bool isVersion5, out AcknowledgePacket packet)
    {
        var reader = new WireReader(body);
        var id = reader.PacketId();
        var reason = ReasonCode.Success;
        if (isVersion5 && !reader.IsEnd)
        {
            reason = (ReasonCode)reader.Byte();
            if (!reader.IsEnd)
            {
                PropertySet.Read(ref reader, PropertyScope.Acknowledge);
            }
        }

        packet = new AcknowledgePacket(id, reason);
        return reader.End();
    }
}
