using ArtMqtt.Contracts.Live;

namespace ArtMqtt.Live;

/// <summary>The newest of everything in a stream.</summary>
/// <param name="Status">The request's status, or null when unknown.</param>
/// <param name="Operator">Where the operator was last, or null.</param>
/// <param name="Customer">Where the customer was last, or null.</param>
public sealed record LiveSnapshot(StatusEvent? Status, LocationEvent? Operator, LocationEvent? Customer)
{
    /// <summary>Whether the operator's device is connected, or null when unknown.</summary>
    public PresenceEvent? Presence { get; init; }

    /// <summary>When the operator will arrive, or null when unknown, or when the request is not en route.</summary>
    public EtaEvent? Eta { get; init; }

    /// <summary>Nothing known yet.</summary>
    public static LiveSnapshot Empty { get; } = new(null, null, null);
}
