using ArtMqtt.Broker.Auth;
using ArtMqtt.Broker.Mqtt.Wire;

namespace ArtMqtt.Broker.Mqtt.Sessions;

/// <summary>What a client that connects wants of its session.</summary>
/// <param name="Key">Client id within its identity.</param>
/// <param name="Identity">Who it is.</param>
/// <param name="IsCleanStart">A session it may have left is ended first.</param>
/// <param name="ExpirySeconds">How long its session is to outlive the connection; already within our limit.</param>
/// <param name="Will">Its last will, or null.</param>
internal readonly record struct SessionRequest(
    string Key, ClientIdentity Identity, bool IsCleanStart, uint ExpirySeconds, WillPacket? Will);

/// <summary>A session that was opened.</summary>
/// <param name="Session">The session.</param>
/// <param name="Before">The connection that was in its place, to be closed; or null.</param>
/// <param name="Wills">Wills to be sent now.</param>
internal readonly record struct SessionOpening(
    Session Session, IClientLink? Before, IReadOnlyList<PendingWill> Wills);
