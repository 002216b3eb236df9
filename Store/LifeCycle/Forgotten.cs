namespace ArtMqtt.Store.LifeCycle;

/// <summary>What was removed for its age.</summary>
/// <param name="Chunks">Whole chunks of positions and hours.</param>
/// <param name="Positions">Single positions, of devices and customers.</param>
/// <param name="Hours">Single hours, trips and stops.</param>
/// <param name="SuspectPositions">Positions with an impossible clock.</param>
/// <param name="DeadLetters">Dead letters.</param>
public readonly record struct Forgotten(
    long Chunks, long Positions, long Hours, long SuspectPositions, long DeadLetters)
{
    /// <summary>Everything together.</summary>
    public long Rows => Positions + Hours + SuspectPositions + DeadLetters + DeviceEvents;

    /// <summary>Connections of devices and refused sign-ins.</summary>
    public long DeviceEvents { get; init; }
}
