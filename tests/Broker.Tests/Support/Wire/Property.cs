namespace ArtMqtt.Broker.Tests.Support.Wire;

/// <summary>One property of an MQTT 5 packet.</summary>
/// <param name="Id">Which one.</param>
/// <param name="Value">A number as <see cref="uint"/>, text, bytes, or a pair of texts.</param>
internal sealed record Property(PropertyId Id, object Value)
{
    public static Property PayloadFormat(byte format) => new(PropertyId.PayloadFormat, (uint)format);

    public static Property MessageExpiry(uint seconds) => new(PropertyId.MessageExpiry, seconds);

    public static Property SessionExpiry(uint seconds) => new(PropertyId.SessionExpiry, seconds);

    public static Property WillDelay(uint seconds) => new(PropertyId.WillDelay, seconds);

    public static Property ReceiveMaximum(ushort messages) => new(PropertyId.ReceiveMaximum, (uint)messages);

    public static Property MaximumPacketSize(uint bytes) => new(PropertyId.MaximumPacketSize, bytes);

    public static Property TopicAliasMaximum(ushort aliases) => new(PropertyId.TopicAliasMaximum, (uint)aliases);

    public static Property TopicAlias(ushort alias) => new(PropertyId.TopicAlias, (uint)alias);

    public static Property SubscriptionId(uint id) => new(PropertyId.SubscriptionId, id);

    public static Property ContentType(string type) => new(PropertyId.ContentType, type);

    public static Property ResponseTopic(string topic) => new(PropertyId.ResponseTopic, topic);

    public static Property CorrelationData(params byte[] data) => new(PropertyId.CorrelationData, data);

    public static Property User(string name, string value) => new(PropertyId.UserProperty, (name, value));

    public static PropertyKind KindOf(PropertyId id) => id switch
    {
        PropertyId.PayloadFormat or PropertyId.RequestProblemInformation or PropertyId.RequestResponseInformation
            or PropertyId.MaximumQoS or PropertyId.RetainAvailable or PropertyId.WildcardAvailable
            or PropertyId.SubscriptionIdAvailable or PropertyId.SharedAvailable => PropertyKind.Byte,
        PropertyId.ServerKeepAlive or PropertyId.ReceiveMaximum or PropertyId.TopicAliasMaximum
            or PropertyId.TopicAlias => PropertyKind.Short,
        PropertyId.MessageExpiry or PropertyId.SessionExpiry or PropertyId.WillDelay
            or PropertyId.MaximumPacketSize => PropertyKind.Long,
        PropertyId.SubscriptionId => PropertyKind.Variable,
        PropertyId.CorrelationData or PropertyId.AuthenticationData => PropertyKind.Binary,
        PropertyId.UserProperty => PropertyKind.Pair,
        PropertyId.ContentType or PropertyId.ResponseTopic or PropertyId.AssignedClientId
            or PropertyId.AuthenticationMethod or PropertyId.ResponseInformation or PropertyId.ServerReference
            or PropertyId.ReasonString => PropertyKind.Text,
        _ => throw new InvalidDataException($"There is no property 0x{(byte)id:X2}."),
    };
}
