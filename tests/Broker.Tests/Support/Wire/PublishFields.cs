namespace ArtMqtt.Broker.Tests.Support.Wire;

/// <summary>Fields of PUBLISH.</summary>
internal sealed record PublishFields(string Topic, string Payload = "")
{
    public int QoS { get; init; }

    public ushort PacketId { get; init; }

    public bool IsRetained { get; init; }

    public bool IsDuplicate { get; init; }

    /// <summary>Payload that is no text.</summary>
    public byte[]? Bytes { get; init; }

    /// <summary>MQTT 5 only.</summary>
    public IReadOnlyList<Property> Properties { get; init; } = [];
}
