namespace ArtMqtt.Broker.Mqtt.Wire;

/// <summary>A DISCONNECT from a client.</summary>
/// <param name="Reason">Why it leaves.</param>
/// <param name="SessionExpiryInterval">For how many seconds its session is to be kept; null for as agreed.</param>
internal readonly record struct DisconnectPacket(ReasonCode Reason, uint? SessionExpiryInterval)
{
    /// <summary>Reads the body.</summary>
    /// <returns>Why not, or <see cref="ReasonCode.Success"/>.</returns>
    public static ReasonCode TryRead(ReadOnlySpan<byte> body, bool isVersion5, out DisconnectPacket packet)
    {
        packet = default;
        if (!isVersion5 || body.IsEmpty)
        {
            return body.IsEmpty ? ReasonCode.Success : ReasonCode.MalformedPacket;
        }

        var reader = new WireReader(body);
        var reason = (ReasonCode)reader.Byte();
        reader.Require(IsKnown(reason), ReasonCode.ProtocolError);
        var properties = reader.IsEnd ? default : PropertySet.Read(ref reader, PropertyScope.Disconnect);
        packet = new DisconnectPacket(reason, properties.SessionExpiryInterval);
        return reader.End();
    }

    // MQTT 5, table 3-10: those a client may send.
    private static bool IsKnown(ReasonCode reason) =>
        reason is ReasonCode.Success or ReasonCode.DisconnectWithWill
            or (>= ReasonCode.UnspecifiedError and <= ReasonCode.ImplementationSpecificError)
            or ReasonCode.TopicNameInvalid
            or (>= ReasonCode.ReceiveMaximumExceeded and <= ReasonCode.PayloadFormatInvalid);
}
