namespace ArtMqtt.Broker.Mqtt.Wire;

/// <summary>Makes the packets a server sends, but for PUBLISH and plain acknowledgements, which are written as they go.</summary>
internal static class ServerPackets
{
    /// <summary>PINGRESP.</summary>
    public static byte[] PingResponse { get; } = [(byte)PacketType.PingResp << 4, 0];

    /// <summary>CONNACK for somebody who does not get in; MQTT 3.1.1 has five reasons to say so.</summary>
    /// <param name="version">What the client speaks.</param>
    /// <param name="reason">Why.</param>
    /// <returns>Null when the version has no way to say it: the connection just ends.</returns>
    public static byte[]? Refusal(ProtocolVersion version, ReasonCode reason)
    {
        if (version == ProtocolVersion.V5)
        {
            return new WireWriter().Byte(0).Byte((byte)reason).Byte(0).ToPacket((byte)PacketType.ConnAck << 4);
        }

        var code = reason switch
        {
            ReasonCode.UnsupportedProtocolVersion => 1,
            ReasonCode.ClientIdentifierNotValid => 2,
            ReasonCode.ServerUnavailable or ReasonCode.ServerBusy or ReasonCode.QuotaExceeded
                or ReasonCode.ConnectionRateExceeded => 3,
            ReasonCode.BadUserNameOrPassword => 4,
            ReasonCode.NotAuthorized => 5,
            _ => 0,
        };
        return code == 0 ? null : [(byte)PacketType.ConnAck << 4, 2, 0, (byte)code];
    }

    /// <summary>CONNACK for a client that gets in with MQTT 3.1 or 3.1.1.</summary>
    public static byte[] Welcome(ProtocolVersion version, bool isSessionPresent) =>
        [(byte)PacketType.ConnAck << 4, 2, (byte)(isSessionPresent && version != ProtocolVersion.V31 ? 1 : 0), 0];

    /// <summary>CONNACK for a client that gets in with MQTT 5.</summary>
    public static byte[] Welcome(bool isSessionPresent, ServerTerms terms)
    {
        var properties = new WireWriter()
            .Property(PropertyId.SessionExpiryInterval, terms.SessionExpiryInterval)
            .Property(PropertyId.ReceiveMaximum, (ushort?)terms.ReceiveMaximum)
            .Property(PropertyId.MaximumPacketSize, (uint?)terms.MaximumPacketSize)
            .Property(PropertyId.TopicAliasMaximum, (ushort?)terms.TopicAliasMaximum)
            .Property(PropertyId.ServerKeepAlive, terms.ServerKeepAlive)
            .Property(PropertyId.AssignedClientIdentifier, terms.AssignedClientIdentifier);
        return new WireWriter().Byte((byte)(isSessionPresent ? 1 : 0)).Byte(0)
            .VariableNumber((uint)properties.Written.Length).Raw(properties.Written)
            .ToPacket((byte)PacketType.ConnAck << 4);
    }

    /// <summary>SUBACK or UNSUBACK: one code for each filter, in the order of the request.</summary>
    /// <remarks>An UNSUBACK of MQTT 3.1.1 has no codes.</remarks>
    public static byte[] Answer(PacketType type, ushort packetId, bool isVersion5, ReadOnlySpan<byte> codes)
    {
        var packet = new WireWriter().Number(packetId);
        if (isVersion5)
        {
            packet.Byte(0);
        }

        return packet.Raw(isVersion5 || type == PacketType.SubAck ? codes : []).ToPacket((byte)((int)type << 4));
    }

    /// <summary>PUBACK, PUBREC, PUBREL or PUBCOMP of MQTT 5 with a reason.</summary>
    /// <param name="type">Which.</param>
    /// <param name="packetId">Which publish it is about.</param>
    /// <param name="reason">Why.</param>
    /// <param name="text">For a person, or null.</param>
    public static byte[] Acknowledge(PacketType type, ushort packetId, ReasonCode reason, string? text)
    {
        var packet = new WireWriter().Number(packetId).Byte((byte)reason);
        if (text is not null)
        {
            var properties = new WireWriter().Property(PropertyId.ReasonString, text);
            packet.VariableNumber((uint)properties.Written.Length).Raw(properties.Written);
        }

        return packet.ToPacket(PacketHeader.Of(type));
    }

    /// <summary>DISCONNECT of MQTT 5.</summary>
    public static byte[] Disconnect(ReasonCode reason) => [(byte)PacketType.Disconnect << 4, 2, (byte)reason, 0];
}
