namespace ArtMqtt.Contracts.Positions;

/// <summary>
/// A position as an app of somebody else tells it. Place and time must be right; what is optional and impossible is
/// left out, because these apps write -1 (and more) for what they do not know.
/// </summary>
internal struct LenientPosition
{
    private const double KilometresPerHour = 1 / 3.6;
    private const double Knots = 1852d / 3600;

    /// <summary>Degrees north.</summary>
    public double? Latitude { get; set; }

    /// <summary>Degrees east.</summary>
    public double? Longitude { get; set; }

    /// <summary>Fix time, milliseconds since 1970.</summary>
    public double? FixTimeMs { get; set; }

    /// <summary>What the format calls the fix time, for messages; null: <c>timestamp</c>.</summary>
    public string? TimeName { get; set; }

    /// <summary>Metres per second.</summary>
    public double? Speed { get; set; }

    /// <summary>Degrees from true north.</summary>
    public double? Heading { get; set; }

    /// <summary>Metres.</summary>
    public double? Accuracy { get; set; }

    /// <summary>Metres above sea.</summary>
    public double? Altitude { get; set; }

    /// <summary>Percent.</summary>
    public double? Battery { get; set; }

    /// <summary>km/h as m/s.</summary>
    public static double? OfKilometresPerHour(double? speed) => speed * KilometresPerHour;

    /// <summary>Knots as m/s.</summary>
    public static double? OfKnots(double? speed) => speed * Knots;

    /// <summary>The position, if place and time are there and possible.</summary>
    public readonly bool TryBuild(out Position position, out PositionError error)
    {
        position = default;
        if (Latitude is not { } latitude) { error = PositionError.Missing("lat"); return false; }
        if (Longitude is not { } longitude) { error = PositionError.Missing("lon"); return false; }
        if (FixTimeMs is not { } time) { error = PositionError.Missing(TimeName ?? "timestamp"); return false; }
        if (!(time >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds()
            && time <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()))
        {
            error = PositionError.OutOfRange(TimeName ?? "timestamp", "a time, years 1 to 9999");
            return false;
        }

        position = new Position(latitude, longitude, DateTimeOffset.FromUnixTimeMilliseconds((long)time))
        {
            Speed = Within(Speed, 0, PositionRules.MaxSpeed),
            Heading = Within(Heading, 0, 360) is { } heading ? heading % 360 : null,
            Accuracy = Within(Accuracy, 0, PositionRules.MaxAccuracy),
            Altitude = Within(Altitude, PositionRules.LowestAltitude, PositionRules.HighestAltitude),
            Battery = Within(Battery, 0, 100) is { } percent ? (byte)MathF.Round(percent) : null,
        };
        return PositionRules.IsValid(position, out error);
    }

    private static float? Within(double? value, double least, double most) =>
        value is { } number && number >= least && number <= most ? (float)number : null;
}
