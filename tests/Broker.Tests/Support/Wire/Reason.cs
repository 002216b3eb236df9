namespace ArtMqtt.Broker.Tests.Support.Wire;

/// <summary>Reason codes of MQTT 5 that the tests name.</summary>
internal static class Reason
{
    public const byte Success = 0x00;
    public const byte DisconnectWithWill = 0x04;
    public const byte NoMatchingSubscribers = 0x10;
    public const byte NoSubscriptionExisted = 0x11;
    public const byte Malformed = 0x81;
    public const byte ProtocolError = 0x82;
    public const byte UnsupportedVersion = 0x84;
    public const byte ClientIdInvalid = 0x85;
    public const byte BadAuthenticationMethod = 0x8C;
    public const byte KeepAliveTimeout = 0x8D;
    public const byte TakenOver = 0x8E;
    public const byte FilterInvalid = 0x8F;
    public const byte TopicInvalid = 0x90;
    public const byte IdInUse = 0x91;
    public const byte IdNotFound = 0x92;
    public const byte ReceiveMaximumExceeded = 0x93;
    public const byte TopicAliasInvalid = 0x94;
    public const byte PacketTooLarge = 0x95;
    public const byte PayloadFormatInvalid = 0x99;

    /// <summary>How a broker names a packet that breaks the protocol: which of the two fits is often a matter of taste.</summary>
    public static readonly byte[] Broken = [Malformed, ProtocolError];
}
