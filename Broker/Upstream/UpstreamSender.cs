using ArtMqtt.Broker.Auth;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Broker.Upstream;

/// <summary>Who published a message to the upstream broker, as its topic says.</summary>
/// <param name="Client">Whom it is taken from.</param>
/// <param name="Name">The device's id, or <c>customer</c>; empty when nobody knows.</param>
/// <param name="Problem">Why it may not; null when it may.</param>
internal readonly record struct UpstreamSender(ClientIdentity Client, string Name, PositionError? Problem)
{
    /// <summary>What the budget of dead letters knows those by who have no name.</summary>
    public static ClientIdentity Nobody { get; } = ClientIdentity.Device("");
}
