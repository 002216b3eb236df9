using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.DeviceAgent.Sources;

/// <summary>What becomes of a receiver's numbers: the place and time as they are, the rest only if it can be.</summary>
internal static class FixBuilder
{
    /// <summary>
    /// Metres of accuracy (68 %) per unit of HDOP: the usual user range error of a civil receiver. A rule of thumb; a
    /// receiver that tells its own estimate is better.
    /// </summary>
    public const double MetresPerHdop = 5;

    /// <summary>Builds a position; an impossible speed, heading, HDOP or altitude is left out, not the fix.</summary>
    public static Position Build(
        double latitude, double longitude, DateTimeOffset time,
        double? speed, double? heading, double? hdop, double? altitude) =>
        // The wire has milliseconds.
        new(latitude, longitude, DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds()))
        {
            Speed = speed is >= 0 and <= PositionRules.MaxSpeed ? (float)speed : null,
            Heading = heading is >= 0 and <= 360 ? (float)heading % 360 : null,
            // Receivers say 99 or more when they do not know.
            Accuracy = hdop is > 0 and < 99 ? (float)(hdop * MetresPerHdop) : null,
            Altitude = altitude is >= -12_000 and <= 50_000 ? (float)altitude : null,
        };
}
