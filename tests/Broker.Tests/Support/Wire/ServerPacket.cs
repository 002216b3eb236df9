using System.Text;

namespace ArtMqtt.Broker.Tests.Support.Wire;

/// <summary>A packet from the broker, taken apart.</summary>
internal sealed class ServerPacket
{
    /// <summary>Takes it apart; a packet that breaks the protocol fails the test.</summary>
    public ServerPacket(Level level, byte header, byte[] body)
    {
        (Type, Header, Length) = ((PacketType)(header >> 4), header, body.Length);
        var reader = new ByteReader(body);
        var is5 = level == Level.V5;
        switch (Type)
        {
            case PacketType.ConnAck:
                IsSessionPresent = reader.Byte() == 1;
                Code = reader.Byte();
                // A client of an unknown version is refused in the words of 3.1.1.
                Properties = is5 && (Code == 0 || reader.Left > 0) ? reader.Properties() : [];
                break;
            case PacketType.Publish:
                Topic = reader.Text();
                PacketId = QoS > 0 ? reader.Short() : (ushort)0;
                Properties = is5 ? reader.Properties() : [];
                Bytes = reader.Rest();
                break;
            case PacketType.SubAck or PacketType.UnsubAck:
                PacketId = reader.Short();
                Properties = is5 ? reader.Properties() : [];
                Codes = reader.Rest();
                break;
            case PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp:
                PacketId = reader.Short();
                ReadReason(reader, is5);
                break;
            case PacketType.Disconnect or PacketType.Auth when is5:
                ReadReason(reader, is5);
                break;
        }

        Assert.True(reader.Left == 0, $"{Type} of the broker has {reader.Left} bytes too many.");
    }

    public PacketType Type { get; }

    public byte Header { get; }

    /// <summary>Bytes after the fixed header.</summary>
    public int Length { get; }

    public bool IsDuplicate => (Header & 8) != 0;

    public int QoS => (Header >> 1) & 3;

    public bool IsRetained => (Header & 1) != 0;

    public ushort PacketId { get; }

    public bool IsSessionPresent { get; }

    /// <summary>Reason code; 0 when it was left out.</summary>
    public byte Code { get; private set; }

    /// <summary>One reason code for each filter; empty in UNSUBACK of 3.1.1.</summary>
    public byte[] Codes { get; } = [];

    public string Topic { get; } = "";

    public byte[] Bytes { get; } = [];

    public string Payload => Encoding.UTF8.GetString(Bytes);

    public IReadOnlyList<Property> Properties { get; private set; } = [];

    /// <summary>The number in a property, or null when there is none.</summary>
    public uint? Number(PropertyId id) => (uint?)Properties.SingleOrDefault(p => p.Id == id)?.Value;

    /// <summary>The text in a property, or null when there is none.</summary>
    public string? Text(PropertyId id) => (string?)Properties.SingleOrDefault(p => p.Id == id)?.Value;

    /// <inheritdoc/>
    public override string ToString() => $"{Type} 0x{Header:X2} id {PacketId} code 0x{Code:X2} {Topic} '{Payload}'";

    private void ReadReason(ByteReader reader, bool is5)
    {
        Code = is5 && reader.Left > 0 ? reader.Byte() : (byte)0;
        Properties = is5 && reader.Left > 0 ? reader.Properties() : [];
    }
}
