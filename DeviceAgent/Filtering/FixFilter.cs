using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.DeviceAgent.Filtering;

/// <summary>
/// Decides which fixes of one device are worth keeping: first whether a fix can be believed, then whether it says
/// something new. Pure; the clock is that of the fixes.
/// </summary>
internal sealed class FixFilter(FilterOptions options)
{
    // Slower, the heading is noise.
    private const double Walking = 1.5;

    private readonly TimeGate _times = new();
    private readonly JumpGate _jumps = new();
    private readonly Standstill _standstill = new();
    private readonly FilterOptions _own = options;
    private FilterOptions _options = options;
    private Position? _kept;
    private Position? _before;
    private double? _keptHeading;
    private double? _keptSpeed;
    private bool _wasStanding;

    /// <summary>What was decided so far.</summary>
    public FilterCounts Counts { get; } = new();

    /// <summary>What the server wishes; null: back to what was set up. Called by the thread that judges.</summary>
    public void Adjust(DeviceControl? control) => _options = control?.Apply(_own) ?? _own;

    /// <summary>Judges the next fix.</summary>
    public FilterVerdict Judge(in Position fix)
    {
        var verdict = Believe(fix) ?? Weigh(fix);
        Counts.Add(verdict);
        return verdict;
    }

    private FilterVerdict? Believe(in Position fix)
    {
        if (fix.Accuracy > _options.MaxAccuracy)
        {
            // Before the others: what it says of time and place is not to be the measure of the next.
            return FilterVerdict.Inaccurate;
        }

        return _times.Judge(fix) ?? (_jumps.Passes(fix, _options.MaxSpeed) ? null : FilterVerdict.Outlier);
    }

    private FilterVerdict Weigh(in Position fix)
    {
        _standstill.See(fix, _options);
        var (speed, heading) = Motion(fix);
        _before = fix;
        if (_kept is not { } kept || fix.FixTime < kept.FixTime)
        {
            return Keep(fix, speed, heading);
        }

        var elapsed = fix.FixTime - kept.FixTime;
        if (elapsed < _options.MinInterval)
        {
            return FilterVerdict.Redundant;
        }

        if (_standstill.IsStanding)
        {
            // The first that stands is kept: it says where and when the drive ended.
            return !_wasStanding || elapsed >= _options.Heartbeat ? Keep(fix, speed, heading) : FilterVerdict.Stationary;
        }

        return _wasStanding || elapsed >= _options.MaxInterval || Geo.Distance(kept, fix) >= _options.MinDistance
            || HasTurned(speed, heading) || HasChangedSpeed(speed)
                ? Keep(fix, speed, heading)
                : FilterVerdict.Redundant;
    }

    // Receivers tell speed and heading; recordings often do not, then the way from the last fix does.
    private (double? Speed, double? Heading) Motion(in Position fix)
    {
        if (_before is not { } before || fix.FixTime <= before.FixTime)
        {
            return (fix.Speed, fix.Heading);
        }

        double? speed = fix.Speed ?? (float)(Geo.Distance(before, fix) / (fix.FixTime - before.FixTime).TotalSeconds);
        return (speed, fix.Heading ?? (speed >= Walking ? (float?)Geo.Bearing(before, fix) : null));
    }

    private bool HasTurned(double? speed, double? heading) =>
        speed >= Walking && heading is { } now && _keptHeading is { } then && Geo.Turn(now, then) >= _options.MinTurn;

    private bool HasChangedSpeed(double? speed) =>
        speed is { } now && _keptSpeed is { } then && Math.Abs(now - then) >= _options.MinSpeedChange;

    private FilterVerdict Keep(in Position fix, double? speed, double? heading)
    {
        _kept = fix;
        _keptSpeed = speed;
        _keptHeading = speed >= Walking ? heading : _keptHeading;
        _wasStanding = _standstill.IsStanding;
        return FilterVerdict.Kept;
    }
}
