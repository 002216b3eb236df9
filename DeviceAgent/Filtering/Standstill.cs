using ArtMqtt.Contracts.Positions;

namespace ArtMqtt.DeviceAgent.Filtering;

/// <summary>Knows whether a device stands: long enough within the jitter of its receiver around one place.</summary>
internal sealed class Standstill
{
    // On the move whatever the place says: a slow start within the radius is a start.
    private const double Driving = 3;

    private Position? _anchor;

    /// <summary>Whether it stands.</summary>
    public bool IsStanding { get; private set; }

    /// <summary>Looks at the next fix.</summary>
    public void See(in Position fix, FilterOptions options)
    {
        if (_anchor is not { } anchor || fix.FixTime < anchor.FixTime || fix.Speed >= Driving
            || Geo.Distance(anchor, fix) > options.StationaryRadius)
        {
            _anchor = fix;
            IsStanding = false;
        }
        else if (fix.FixTime - anchor.FixTime >= options.StationaryAfter)
        {
            IsStanding = true;
        }
    }
}
