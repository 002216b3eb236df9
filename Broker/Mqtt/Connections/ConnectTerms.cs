using ArtMqtt.Broker.Mqtt.Storage;
using ArtMqtt.Broker.Mqtt.Wire;

namespace ArtMqtt.Broker.Mqtt.Connections;

/// <summary>What a client asked for in CONNECT, and what it gets.</summary>
/// <param name="ClientId">The client id it uses, or the one it gets.</param>
/// <param name="IsAssigned">It sent none.</param>
/// <param name="IsClientIdValid">Whether it may have that client id.</param>
/// <param name="KeepAlive">Longest silence it agreed to; zero for any.</param>
/// <param name="IsKeepAliveOurs">We chose it, the client has to be told.</param>
/// <param name="ExpirySeconds">How long its session is to outlive the connection.</param>
internal sealed record ConnectTerms(
    string ClientId, bool IsAssigned, bool IsClientIdValid, TimeSpan KeepAlive, bool IsKeepAliveOurs, uint ExpirySeconds)
{
    private const int MaxClientIdLength = 128;

    /// <summary>Decides.</summary>
    /// <param name="connect">What it asked for.</param>
    /// <param name="maxKeepAlive">Longest keep-alive.</param>
    /// <param name="state">Longest session expiry.</param>
    public static ConnectTerms Of(ConnectPacket connect, TimeSpan maxKeepAlive, BrokerStateOptions state)
    {
        var isVersion5 = connect.Version == ProtocolVersion.V5;
        var isAssigned = connect.ClientId.Length == 0;
        var clientId = isAssigned ? $"auto-{Guid.NewGuid():N}" : connect.ClientId;
        var asked = TimeSpan.FromSeconds(connect.KeepAliveSeconds);
        var isOurs = isVersion5 && (asked == TimeSpan.Zero || asked > maxKeepAlive);
        return new ConnectTerms(
            clientId, isAssigned,
            IsClientIdValid: isAssigned
                ? connect.Version != ProtocolVersion.V31 && (isVersion5 || connect.IsCleanStart)
                : IsValid(clientId),
            KeepAlive: isOurs ? maxKeepAlive : asked, isOurs,
            ExpiryOf(connect, (uint)state.MaxSessionExpiry.TotalSeconds));
    }

    /// <summary>What the client is told.</summary>
    /// <param name="connect">What it asked for.</param>
    /// <param name="granted">How long its session is kept, in seconds.</param>
    /// <param name="options">Our limits.</param>
    public ServerTerms ToServerTerms(ConnectPacket connect, uint granted, BrokerOptions options) => new(
        granted == (connect.Properties.SessionExpiryInterval ?? 0) ? null : granted,
        (ushort)options.MaxInFlight, (uint)options.MaxPacketBytes, TopicAliases.Maximum,
        IsKeepAliveOurs ? (ushort)KeepAlive.TotalSeconds : null,
        IsAssigned ? ClientId : null);

    // MQTT 3.1.1 only knows kept and not kept.
    private static uint ExpiryOf(ConnectPacket connect, uint most) => connect.Version == ProtocolVersion.V5
        ? Math.Min(connect.Properties.SessionExpiryInterval ?? 0, most)
        : connect.IsCleanStart ? 0 : most;

    private static bool IsValid(string clientId) =>
        clientId.Length <= MaxClientIdLength && !clientId.AsSpan().ContainsAnyInRange('\0', '\x1F');
}
