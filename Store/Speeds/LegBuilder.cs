using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Routes;

namespace ArtMqtt.Store.Speeds;

/// <summary>
/// Cuts positions, oldest first, into legs of 50 m or more. So the trembling of a receiver that stands is no movement, waiting
/// at a light counts for the leg it is waited on, and positions every second or every 20 s give the same pace.
/// </summary>
public sealed class LegBuilder
{
    /// <summary>Metres to a leg at least.</summary>
    public const double MinDistance = 50;

    /// <summary>Seconds to a leg at most, as long as a stop is at least (<see cref="TripOptions"/>): who takes longer parks.</summary>
    public const double MaxSeconds = 180;

    // Metres per second; faster is an error of the receiver.
    private const double MaxSpeed = 70;

    private Position _start;
    private bool _hasStart;
    private bool _follows;

    /// <summary>Adds the next position.</summary>
    /// <returns>Whether it completes a leg that counts.</returns>
    public bool TryAdd(in Position position, out Leg leg)
    {
        leg = default;
        if (!_hasStart)
        {
            Start(position, follows: false);
            return false;
        }

        var seconds = (position.FixTime - _start.FixTime).TotalSeconds;
        var distance = Ellipsoid.Distance(_start, position);
        if (seconds <= 0 || distance < MinDistance)
        {
            return false;
        }

        var counts = seconds <= MaxSeconds && distance <= MaxSpeed * seconds;
        if (counts)
        {
            leg = new Leg(MiddleCell(_start, position), distance, seconds, _follows);
        }

        Start(position, follows: counts);
        return counts;
    }

    private void Start(in Position position, bool follows) => (_start, _hasStart, _follows) = (position, true, follows);

    private static int MiddleCell(in Position from, in Position to) => Math.Abs(from.Longitude - to.Longitude) > 180
        ? SpeedGrid.CellOf(to.Latitude, to.Longitude)
        : SpeedGrid.CellOf((from.Latitude + to.Latitude) / 2, (from.Longitude + to.Longitude) / 2);
}
