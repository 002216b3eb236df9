using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Routes;

namespace ArtMqtt.Store.Trips;

/// <summary>Trips and stops that end on one day, or in the part of it that is new.</summary>
/// <param name="before">What the detector knew before it; null at the beginning of a route.</param>
internal sealed class TripDay(byte[]? before)
{
    private readonly TripDetector _detector = before is null ? new() : TripDetector.Load(before);
    private readonly List<RoutePart> _parts = [];

    /// <summary>How many positions were added.</summary>
    public int Positions { get; private set; }

    /// <summary>What was found.</summary>
    public IReadOnlyList<RoutePart> Parts => _parts;

    /// <summary>Adds the next position.</summary>
    public void Add(in Position position)
    {
        _detector.Add(position);
        Positions++;
        Take(_detector, _parts);
    }

    /// <summary>What the detector knows now.</summary>
    public byte[] Save() => _detector.Save();

    /// <summary>What would be found if nothing followed a state.</summary>
    public static IReadOnlyList<RoutePart> Open(byte[] state)
    {
        var detector = TripDetector.Load(state);
        detector.Finish();
        var parts = new List<RoutePart>();
        Take(detector, parts);
        return parts;
    }

    private static void Take(TripDetector detector, List<RoutePart> parts)
    {
        while (detector.TryRead(out var part))
        {
            parts.Add(part);
        }
    }
}
