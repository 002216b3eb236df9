namespace ArtMqtt.Contracts.Positions;

/// <summary>Which values a position may have. Pure; the same for every way in.</summary>
public static class PositionRules
{
    /// <summary>Fastest believable speed over ground in m/s (an airliner with tail wind stays below).</summary>
    public const float MaxSpeed = 400;

    /// <summary>Largest accuracy radius in metres that still says something.</summary>
    public const float MaxAccuracy = 100_000;

    internal const float LowestAltitude = -12_000;
    internal const float HighestAltitude = 50_000;

    /// <summary>Checks ranges; the clock is judged apart by <see cref="IsClockPlausible"/>.</summary>
    public static bool IsValid(in Position position, out PositionError error)
    {
        error = position switch
        {
            { Latitude: not (>= -90 and <= 90) } => PositionError.OutOfRange("lat", "-90 to 90"),
            { Longitude: not (>= -180 and <= 180) } => PositionError.OutOfRange("lng", "-180 to 180"),
            { Speed: not (null or (>= 0 and <= MaxSpeed)) } => PositionError.OutOfRange("speed", "0 to 400 m/s"),
            { Heading: not (null or (>= 0 and < 360)) } => PositionError.OutOfRange("heading", "0 to below 360"),
            { Accuracy: not (null or (>= 0 and <= MaxAccuracy)) } =>
                PositionError.OutOfRange("accuracy", "0 to 100000 m"),
            { Altitude: not (null or (>= LowestAltitude and <= HighestAltitude)) } =>
                PositionError.OutOfRange("altitude", "-12000 to 50000 m"),
            { Battery: > 100 } => PositionError.OutOfRange("battery", "0 to 100"),
            _ => default,
        };
        return error.Code is null;
    }

    /// <summary>
    /// Whether the receiver's clock can be right: not further ahead of ours than <paramref name="maxAhead"/>, not
    /// further behind than <paramref name="maxBehind"/>. A cold receiver reports 1980, a week rollover is 19.6 years
    /// off; such positions are kept and flagged, but not shown live.
    /// </summary>
    public static bool IsClockPlausible(
        DateTimeOffset fixTime, DateTimeOffset receivedAt, TimeSpan maxAhead, TimeSpan maxBehind) =>
        fixTime - receivedAt <= maxAhead && receivedAt - fixTime <= maxBehind;
}
