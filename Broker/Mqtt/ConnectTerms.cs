using MQTTnet.Formatter;
using MQTTnet.Packets;

namespace ArtMqtt.Broker.Mqtt;

/// <summary>What a client asked for in CONNECT, and what it gets.</summary>
/// <param name="ClientId">The client id it uses, or the one it gets.</param>
/// <param name="IsAssigned">It sent none.</param>
/// <param name="IsClientIdValid">Whether it may have that client id.</param>
/// <param name="KeepAlive">Longest silence it agreed to; zero for any.</param>
/// <param name="IsKeepAliveOurs">We chose it, the client has to be told.</param>
/// <param name="WillTopic">Topic of its last will, or null.</param>
/// <param name="WantsSession">It asked for a session that outlives the connection.</param>
/// <param name="MayExplain">It takes reason strings.</param>
internal sealed record ConnectTerms(
    string ClientId, bool IsAssigned, bool IsClientIdValid, TimeSpan KeepAlive, bool IsKeepAliveOurs,
    string? WillTopic, bool WantsSession, bool MayExplain)
{
    private const int MaxClientIdLength = 128;

    /// <summary>
    /// Reads a CONNECT, and changes what MQTTnet will see of it: a client id of ours, a clean session, no will, and no
    /// keep-alive, because positions do not pass through MQTTnet's own clock.
    /// </summary>
    /// <param name="connect">The packet; changed.</param>
    /// <param name="version">Its protocol version.</param>
    /// <param name="serverId">The client id for MQTTnet.</param>
    /// <param name="maxKeepAlive">Longest keep-alive.</param>
    public static ConnectTerms Take(
        MqttConnectPacket connect, MqttProtocolVersion version, string serverId, TimeSpan maxKeepAlive)
    {
        var isVersion5 = version == MqttProtocolVersion.V500;
        var isAssigned = string.IsNullOrEmpty(connect.ClientId);
        var clientId = isAssigned ? $"auto-{Guid.NewGuid():N}" : connect.ClientId;
        var asked = TimeSpan.FromSeconds(connect.KeepAlivePeriod);
        var isOurs = isVersion5 && (asked == TimeSpan.Zero || asked > maxKeepAlive);
        var terms = new ConnectTerms(
            clientId, isAssigned,
            IsClientIdValid: isAssigned ? isVersion5 || connect.CleanSession : IsValid(clientId),
            KeepAlive: isOurs ? maxKeepAlive : asked, isOurs,
            connect.WillFlag ? connect.WillTopic ?? "" : null,
            WantsSession: isVersion5 ? connect.SessionExpiryInterval > 0 : !connect.CleanSession,
            MayExplain: connect.RequestProblemInformation);

        connect.ClientId = serverId;
        connect.CleanSession = true;
        connect.SessionExpiryInterval = 0;
        connect.WillFlag = false;
        connect.KeepAlivePeriod = 0;
        return terms;
    }

    /// <summary>Writes the terms into the acknowledgement of an accepted MQTT 5 client.</summary>
    public void WriteTo(MqttConnAckPacket acknowledgement, BrokerOptions options)
    {
        acknowledgement.AssignedClientIdentifier = IsAssigned ? ClientId : null;
        acknowledgement.MaximumPacketSize = (uint)options.MaxPacketBytes;
        acknowledgement.ReceiveMaximum = (ushort)options.MaxInFlight;
        acknowledgement.TopicAliasMaximum = TopicAliases.Maximum;
        acknowledgement.ServerKeepAlive = IsKeepAliveOurs ? (ushort)KeepAlive.TotalSeconds : (ushort)0;
        // The codec leaves out a zero, which would mean "as you asked"; one second is the nearest it can say.
        acknowledgement.SessionExpiryInterval = WantsSession ? 1u : 0u;
    }

    private static bool IsValid(string clientId) =>
        clientId.Length <= MaxClientIdLength && !clientId.AsSpan().ContainsAnyInRange('\0', '\x1F');
}
