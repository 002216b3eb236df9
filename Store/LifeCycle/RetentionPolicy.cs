namespace ArtMqtt.Store.LifeCycle;

/// <summary>How long what is kept. The age of a position is counted from its fix time.</summary>
/// <param name="Fleets">By device; one of them has no prefix.</param>
/// <param name="CustomerPositions">Positions of customers' phones; null: for ever.</param>
/// <param name="SuspectPositions">Positions with an impossible clock, by the time they came; null: for ever.</param>
/// <param name="DeadLetters">Payloads that could not become a position; null: for ever.</param>
public sealed record RetentionPolicy(
    IReadOnlyList<FleetRetention> Fleets, TimeSpan? CustomerPositions, TimeSpan? SuspectPositions,
    TimeSpan? DeadLetters)
{
    /// <summary>Connections of devices and refused sign-ins; null: for ever.</summary>
    public TimeSpan? DeviceEvents { get; init; }

    /// <summary>The fleet a device belongs to: the one with the longest prefix of its id.</summary>
    public FleetRetention FleetOf(string deviceId) =>
        Fleets.Where(fleet => deviceId.StartsWith(fleet.Prefix, StringComparison.Ordinal))
            .MaxBy(fleet => fleet.Prefix.Length)!;
}
