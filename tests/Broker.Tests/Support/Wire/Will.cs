namespace ArtMqtt.Broker.Tests.Support.Wire;

/// <summary>What a client asks the broker to publish when it is lost.</summary>
internal sealed record Will(string Topic, string Payload)
{
    public int QoS { get; init; }

    public bool IsRetained { get; init; }

    /// <summary>MQTT 5 only.</summary>
    public IReadOnlyList<Property> Properties { get; init; } = [];
}
