namespace ArtMqtt.Broker.Mqtt.Wire;

/// <summary>Which properties a client may send where, one bit per <see cref="PropertyId"/> (MQTT 5, table 2-4).</summary>
internal static class PropertyScope
{
    public const ulong Connect =
        (1UL << (int)PropertyId.SessionExpiryInterval) | (1UL << (int)PropertyId.AuthenticationMethod)
        | (1UL << (int)PropertyId.AuthenticationData) | (1UL << (int)PropertyId.RequestProblemInformation)
        | (1UL << (int)PropertyId.RequestResponseInformation) | (1UL << (int)PropertyId.ReceiveMaximum)
        | (1UL << (int)PropertyId.TopicAliasMaximum) | (1UL << (int)PropertyId.MaximumPacketSize) | User;

    public const ulong Will = Message | (1UL << (int)PropertyId.WillDelayInterval);

    public const ulong Publish = Message | (1UL << (int)PropertyId.TopicAlias);

    public const ulong Acknowledge = (1UL << (int)PropertyId.ReasonString) | User;

    public const ulong Subscribe = (1UL << (int)PropertyId.SubscriptionIdentifier) | User;

    public const ulong Unsubscribe = User;

    public const ulong Disconnect =
        (1UL << (int)PropertyId.SessionExpiryInterval) | (1UL << (int)PropertyId.ReasonString) | User;

    /// <summary>Properties that travel with a message from its publisher to its subscribers unchanged.</summary>
    public const ulong Forwarded =
        (1UL << (int)PropertyId.PayloadFormatIndicator) | (1UL << (int)PropertyId.ContentType)
        | (1UL << (int)PropertyId.ResponseTopic) | (1UL << (int)PropertyId.CorrelationData) | User;

    private const ulong User = 1UL << (int)PropertyId.UserProperty;

    private const ulong Message = Forwarded | (1UL << (int)PropertyId.MessageExpiryInterval);

    /// <summary>Every property there is.</summary>
    private static readonly ulong _known =
        Enum.GetValues<PropertyId>().Aggregate(0UL, (all, id) => all | (1UL << (int)id));

    /// <summary>Whether MQTT 5 knows the property.</summary>
    public static bool IsKnown(uint id) => id < 64 && ((_known >> (int)id) & 1) == 1;
}
