using ArtMqtt.Broker.Mqtt.Routing;
using ArtMqtt.Broker.Mqtt.Wire;

namespace ArtMqtt.Broker.Mqtt.Connections;

/// <summary>How large a PUBLISH is on the wire.</summary>
internal static class PublishSize
{
    /// <summary>Bytes of a message expiry interval.</summary>
    public const int ExpiryBytes = 5;

    /// <summary>Bytes of a topic alias.</summary>
    public const int AliasBytes = 3;

    /// <summary>The whole packet, in bytes, with its topic and without an alias.</summary>
    /// <param name="message">What is sent.</param>
    /// <param name="quality">With which quality of service.</param>
    /// <param name="identifiers">Subscription identifiers, or null.</param>
    /// <param name="isVersion5">Whether there are properties.</param>
    public static int Of(Message message, byte quality, uint[]? identifiers, bool isVersion5)
    {
        var length = 2 + message.TopicBytes.Length + (quality == 0 ? 0 : 2) + message.Payload.Length;
        if (isVersion5)
        {
            var properties = message.Properties.Length + (message.ExpiresAt is null ? 0 : ExpiryBytes) + Of(identifiers);
            length += properties + VariableNumbers.Size((uint)properties);
        }

        return 1 + VariableNumbers.Size((uint)length) + length;
    }

    /// <summary>Bytes of subscription identifiers.</summary>
    public static int Of(uint[]? identifiers)
    {
        var size = 0;
        foreach (var identifier in identifiers ?? [])
        {
            size += 1 + VariableNumbers.Size(identifier);
        }

        return size;
    }
}
