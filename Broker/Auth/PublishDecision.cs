using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Broker.Auth;

/// <summary>Whether a client may publish positions to a topic, and as whom.</summary>
/// <param name="IsAllowed">Whether it may.</param>
/// <param name="Key">Key in the store of the device or of the customer's phone.</param>
/// <param name="Name">The device's id, or <c>customer</c>.</param>
/// <param name="Role">In which capacity.</param>
/// <param name="Request">The running request it belongs to, or null.</param>
internal readonly record struct PublishDecision(
    bool IsAllowed, int Key, string Name, PositionRole Role, FleetRequest? Request)
{
    /// <summary>It may not.</summary>
    public static PublishDecision Denied => default;
}
