namespace ArtMqtt.Broker.Tests.Support.Wire;

/// <summary>Fields of CONNECT, valid unless a test says otherwise.</summary>
internal sealed record ConnectFields
{
    public string ClientId { get; init; } = Names.Unique("client");

    /// <summary>Clean session (3.1.1) or clean start (5.0).</summary>
    public bool IsClean { get; init; } = true;

    public ushort KeepAliveSeconds { get; init; } = 60;

    public Will? Will { get; init; }

    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>MQTT 5 only.</summary>
    public IReadOnlyList<Property> Properties { get; init; } = [];

    public string ProtocolName { get; init; } = "MQTT";

    /// <summary>Protocol level if it is to differ from the connection's.</summary>
    public byte? LevelByte { get; init; }

    /// <summary>Connect flags if they are not to follow from the fields.</summary>
    public byte? Flags { get; init; }

    /// <summary>The packet.</summary>
    public byte[] Encode(Level level)
    {
        var is5 = level == Level.V5;
        var body = new ByteWriter().Text(ProtocolName).Byte(LevelByte ?? (byte)level).Byte(Flags ?? FlagsOfFields())
            .Short(KeepAliveSeconds);
        body = is5 ? body.Properties(Properties) : body;
        body.Text(ClientId);
        if (Will is { } will)
        {
            body = is5 ? body.Properties(will.Properties) : body;
            body.Text(will.Topic).Text(will.Payload);
        }

        body = User is null ? body : body.Text(User);
        body = Password is null ? body : body.Text(Password);
        return RawMqtt.Packet(0x10, body.ToArray());
    }

    private byte FlagsOfFields() => (byte)((IsClean ? 0x02 : 0)
        | (Will is { } will ? 0x04 | (will.QoS << 3) | (will.IsRetained ? 0x20 : 0) : 0)
        | (User is null ? 0 : 0x80) | (Password is null ? 0 : 0x40));
}
