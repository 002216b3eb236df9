namespace ArtMqtt.Contracts.Positions;

/// <summary>Where a device was at one moment, as it is published, streamed and stored.</summary>
/// <param name="Latitude">Degrees north, -90 to 90 (WGS 84).</param>
/// <param name="Longitude">Degrees east, -180 to 180 (WGS 84).</param>
/// <param name="FixTime">The receiver's clock, UTC, millisecond resolution.</param>
public readonly record struct Position(double Latitude, double Longitude, DateTimeOffset FixTime)
{
    /// <summary>Metres per second over ground.</summary>
    public float? Speed { get; init; }

    /// <summary>Degrees clockwise from true north, 0 ≤ heading &lt; 360.</summary>
    public float? Heading { get; init; }

    /// <summary>Radius in metres that holds the true place with 68 % probability.</summary>
    public float? Accuracy { get; init; }

    /// <summary>Metres above mean sea level.</summary>
    public float? Altitude { get; init; }

    /// <summary>Charge of the device's battery in percent, 0 to 100.</summary>
    public byte? Battery { get; init; }

    /// <summary>Counted by the device; gaps show what it never sent.</summary>
    public uint? Sequence { get; init; }
}
