using ArtMqtt.Broker.Mqtt.Wire;

namespace ArtMqtt.Broker.Mqtt.Sessions;

/// <summary>What the end of a connection means for the client's session and its will (MQTT 5, 3.1.2.5 and 3.14.4).</summary>
/// <param name="SendsWill">Whether the will is sent at all.</param>
/// <param name="ExpirySeconds">How long the session is kept from now on; 0 ends it, the maximum keeps it for ever.</param>
internal readonly record struct SessionEnd(bool SendsWill, uint ExpirySeconds)
{
    /// <summary>Never ends by itself.</summary>
    public const uint Never = uint.MaxValue;

    /// <summary>Decides.</summary>
    /// <param name="said">The client's DISCONNECT, or null when the connection just ended.</param>
    /// <param name="agreedSeconds">Session expiry of the connection.</param>
    /// <param name="maxSeconds">Longest session expiry.</param>
    public static SessionEnd Of(DisconnectPacket? said, uint agreedSeconds, uint maxSeconds) => new(
        said is not { Reason: ReasonCode.Success },
        // What was to end with the connection is not kept after all, also when the client had asked for more.
        said is { SessionExpiryInterval: { } seconds } && agreedSeconds > 0
            ? Math.Min(seconds, maxSeconds)
            : agreedSeconds);

    /// <summary>How long to wait with the will: its own delay, at most as long as the session lasts.</summary>
    public uint WillDelaySeconds(WillPacket will) => Math.Min(will.DelaySeconds, ExpirySeconds);
}
