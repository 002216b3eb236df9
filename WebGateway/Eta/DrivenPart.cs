using ArtMqtt.Store.Speeds;

namespace ArtMqtt.WebGateway.Eta;

/// <summary>The last part of a drive.</summary>
/// <param name="Legs">One for each cell that was passed, newest last, at most <see cref="DriveSoFar.MaxParts"/>.</param>
/// <param name="Pending">Seconds since the end of the last leg, at most <see cref="LegBuilder.MaxSeconds"/>.</param>
internal sealed record DrivenPart(IReadOnlyList<Leg> Legs, double Pending)
{
    public static DrivenPart None { get; } = new([], 0);
}
