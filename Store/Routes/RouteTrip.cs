using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Store.Routes;

/// <summary>A part of a route in motion.</summary>
/// <param name="Start">The position it began with.</param>
/// <param name="End">The position it ended with.</param>
/// <param name="Distance">Metres over ground, the sum of the steps.</param>
/// <param name="MaxSpeed">The highest speed a position reported, metres per second; null when none did.</param>
public sealed record RouteTrip(in Position Start, in Position End, double Distance, float? MaxSpeed)
    : RoutePart(Start.FixTime, End.FixTime)
{
    /// <summary>The time of all its steps that went at 1 km/h or faster.</summary>
    public TimeSpan Moving { get; init; }

    /// <summary>Metres per second, traffic lights included.</summary>
    public double AverageSpeed => Duration > TimeSpan.Zero ? Distance / Duration.TotalSeconds : 0;
}
