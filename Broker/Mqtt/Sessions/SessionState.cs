using ArtMqtt.Broker.Auth;
using ArtMqtt.Broker.Mqtt.Wire;

namespace ArtMqtt.Broker.Mqtt.Sessions;

/// <summary>A session as it is stored, without its messages.</summary>
/// <param name="Identity">Who the client is.</param>
/// <param name="ExpirySeconds">How long it is kept without a connection.</param>
/// <param name="EndsAt">When it ends, UTC; null while the client is connected, or for never.</param>
/// <param name="Will">The client's last will, or null.</param>
/// <param name="Subscriptions">What it is subscribed to, with subscription identifiers.</param>
/// <param name="ReceivedIds">Quality 2 publishes of the client without PUBREL.</param>
internal sealed record SessionState(
    ClientIdentity Identity, uint ExpirySeconds, DateTimeOffset? EndsAt, PendingWill? Will,
    IReadOnlyList<(FilterRequest Request, uint? Identifier)> Subscriptions, IReadOnlyList<ushort> ReceivedIds);
