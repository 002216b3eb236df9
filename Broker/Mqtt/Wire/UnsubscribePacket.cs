namespace ArtMqtt.Broker.Mqtt.Wire;

/// <summary>An UNSUBSCRIBE.</summary>
/// <param name="PacketId">To be named in the UNSUBACK.</param>
/// <param name="Filters">At least one.</param>
internal sealed record UnsubscribePacket(ushort PacketId, List<string> Filters)
{
    /// <summary>Reads the body.</summary>
    /// <returns>Why not, or <see cref="ReasonCode.Success"/>.</returns>
    public static ReasonCode TryRead(ReadOnlySpan<byte> body, bool isVersion5, out UnsubscribePacket? packet)
    {
        var reader = new WireReader(body);
        var id = reader.PacketId();
        if (isVersion5)
        {
            PropertySet.Read(ref reader, PropertyScope.Unsubscribe);
        }

        var filters = new List<string>();
        while (!reader.IsEnd)
        {
            filters.Add(reader.String());
        }

        reader.Require(filters.Count > 0, ReasonCode.ProtocolError);
        packet = reader.Fault == ReasonCode.Success ? new UnsubscribePacket(id, filters) : null;
        return reader.Fault;
    }
}
