using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.Store.Routes;

/// <summary>Adds up a route that is told position by position, oldest first. Nothing is allocated per position.</summary>
/// <param name="maxGap">
/// Longest time between two positions whose step still counts for distance and moving time; null counts every step.
/// </param>
public sealed class RouteSummary(TimeSpan? maxGap = null)
{
    /// <summary>From this speed over ground on a step counts as moving: 1 km/h, in metres per second.</summary>
    public const double MovingSpeed = 1 / 3.6;

    private readonly TimeSpan _maxGap = maxGap ?? TimeSpan.MaxValue;
    private BoxBuilder _box;
    private Geocentric _lastPlace;
    private DateTimeOffset _lastTime;
    private bool _hasLast;

    /// <summary>How many positions were added.</summary>
    public int Positions { get; private set; }

    /// <summary>Metres over ground, the sum of the steps.</summary>
    public double Distance { get; private set; }

    /// <summary>The time of all steps that went at 1 km/h or faster.</summary>
    public TimeSpan Moving { get; private set; }

    /// <summary>The highest speed a position reported, metres per second; null when none did.</summary>
    public float? MaxSpeed { get; private set; }

    /// <summary>Fix time of the first position, or null before it.</summary>
    public DateTimeOffset? FirstFixTime { get; private set; }

    /// <summary>Fix time of the last position, or null before the first.</summary>
    public DateTimeOffset? LastFixTime => Positions == 0 ? null : _lastTime;

    /// <summary>The box around all positions, or null before the first.</summary>
    public BoundingBox? Box => _box.Build();

    /// <summary>
    /// Names the position before the first one: the step from it counts, the position itself does not. So the distances
    /// of consecutive hours add up to that of the day.
    /// </summary>
    public void ContinueFrom(in Position before)
    {
        (_lastPlace, _lastTime) = (Ellipsoid.ToGeocentric(before.Latitude, before.Longitude), before.FixTime);
        _hasLast = true;
    }

    /// <summary>Adds the next position.</summary>
    public void Add(in Position position)
    {
        var place = Ellipsoid.ToGeocentric(position.Latitude, position.Longitude);
        if (_hasLast)
        {
            AddStep(place, position.FixTime - _lastTime);
        }

        (_lastPlace, _lastTime) = (place, position.FixTime);
        _hasLast = true;
        Positions++;
        FirstFixTime ??= position.FixTime;
        MaxSpeed = position.Speed is { } speed && !(speed <= MaxSpeed) ? speed : MaxSpeed;
        _box.Add(position.Latitude, position.Longitude);
    }

    private void AddStep(in Geocentric place, TimeSpan time)
    {
        if (time > _maxGap)
        {
            return;
        }

        var distance = Ellipsoid.Distance(_lastPlace, place);
        Distance += distance;
        if (time > TimeSpan.Zero && distance >= MovingSpeed * time.TotalSeconds)
        {
            Moving += time;
        }
    }
}
