using ArtMqtt.Broker.Auth;

namespace ArtMqtt.Broker.Mqtt.Wire;

/// <summary>A CONNECT (MQTT 5, section 3.1; MQTT 3.1.1, section 3.1).</summary>
internal sealed record ConnectPacket
{
    private const byte ReservedFlag = 0x01;
    private const byte CleanFlag = 0x02;
    private const byte WillFlag = 0x04;
    private const byte WillRetainFlag = 0x20;
    private const byte PasswordFlag = 0x40;
    private const byte UserNameFlag = 0x80;

    /// <summary>What the client speaks.</summary>
    public required ProtocolVersion Version { get; init; }

    /// <summary>Its client id; empty when it has none.</summary>
    public string ClientId { get; private set; } = "";

    /// <summary>Whether a session it may have left is ended first.</summary>
    public bool IsCleanStart { get; private init; }

    /// <summary>Longest silence in seconds; 0 for any.</summary>
    public ushort KeepAliveSeconds { get; private init; }

    /// <summary>Its last will, or null.</summary>
    public WillPacket? Will { get; private set; }

    /// <summary>User name, or null.</summary>
    public string? UserName { get; private set; }

    /// <summary>Password; empty when it sent none.</summary>
    public byte[] Password { get; private set; } = [];

    /// <summary>MQTT 5 properties.</summary>
    public PropertySet Properties { get; private set; }

    /// <summary>Reads the body of a CONNECT.</summary>
    /// <param name="body">What follows the fixed header.</param>
    /// <param name="version">What the client speaks, as far as it could be read; also when the rest is wrong.</param>
    /// <param name="packet">The packet, when it is right.</param>
    /// <returns>Why not, or <see cref="ReasonCode.Success"/>.</returns>
    public static ReasonCode TryRead(ReadOnlySpan<byte> body, out ProtocolVersion version, out ConnectPacket? packet)
    {
        (version, packet) = (ProtocolVersion.Unknown, null);
        var reader = new WireReader(body);
        var name = reader.Text();
        var level = reader.Byte();
        if (reader.Fault != ReasonCode.Success || !(name.SequenceEqual("MQTT"u8) || name.SequenceEqual("MQIsdp"u8)))
        {
            return ReasonCode.MalformedPacket;
        }

        version = level switch
        {
            3 when name.Length == 6 => ProtocolVersion.V31,
            4 when name.Length == 4 => ProtocolVersion.V311,
            5 when name.Length == 4 => ProtocolVersion.V5,
            _ => ProtocolVersion.Unknown,
        };
        if (version == ProtocolVersion.Unknown)
        {
            return ReasonCode.UnsupportedProtocolVersion;
        }

        var flags = reader.Byte();
        var connect = new ConnectPacket
        {
            Version = version,
            IsCleanStart = (flags & CleanFlag) != 0,
            KeepAliveSeconds = reader.Number(),
        };
        reader.Require((flags & ReservedFlag) == 0, ReasonCode.MalformedPacket);
        connect.ReadPayload(ref reader, flags);
        packet = reader.End() == ReasonCode.Success ? connect : null;
        return reader.Fault;
    }

    private void ReadPayload(ref WireReader reader, byte flags)
    {
        var isVersion5 = Version == ProtocolVersion.V5;
        if (isVersion5)
        {
            Properties = PropertySet.Read(ref reader, PropertyScope.Connect);
        }

        ClientId = reader.String();
        Will = ReadWill(ref reader, flags, isVersion5);
        UserName = (flags & UserNameFlag) != 0 ? reader.String() : null;
        if ((flags & PasswordFlag) != 0)
        {
            Password = reader.Binary().ToArray();
            reader.Require(isVersion5 || UserName is not null, ReasonCode.MalformedPacket);
        }
    }

    private static WillPacket? ReadWill(ref WireReader reader, byte flags, bool isVersion5)
    {
        var quality = (byte)((flags >> 3) & 3);
        if ((flags & WillFlag) == 0)
        {
            reader.Require(quality == 0 && (flags & WillRetainFlag) == 0, ReasonCode.MalformedPacket);
            return null;
        }

        reader.Require(quality < 3, ReasonCode.MalformedPacket);
        var properties = isVersion5 ? PropertySet.Read(ref reader, PropertyScope.Will) : default;
        var topic = reader.String();
        var payload = reader.Binary().ToArray();
        reader.Require(TopicNames.IsTopic(topic), ReasonCode.TopicNameInvalid);
        return new WillPacket(
            topic, payload, quality, (flags & WillRetainFlag) != 0, properties.WillDelayInterval ?? 0,
            properties.MessageExpiryInterval, properties.Forwarded);
    }
}
