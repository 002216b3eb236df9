using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Routes;
using ArtMqtt.Store.Speeds;

namespace ArtMqtt.Eta.Bench;

/// <summary>One drive from a place to another, and what a fleet would keep of it.</summary>
internal sealed class Drive
{
    private readonly double[] _driven;

    private Drive(string group, IReadOnlyList<Position> positions)
    {
        (Group, Positions) = (group, positions);
        _driven = new double[positions.Count];
        var (legs, cells) = (new LegBuilder(), new CellSums());
        for (var i = 0; i < positions.Count; i++)
        {
            _driven[i] = i == 0 ? 0 : _driven[i - 1] + Ellipsoid.Distance(positions[i - 1], positions[i]);
            if (legs.TryAdd(positions[i], out var leg))
            {
                cells.Add(leg);
            }
        }

        Cells = cells.Finish();
        Straight = Ellipsoid.Distance(positions[0], positions[^1]);
    }

    /// <summary>Drives that one fleet makes: they learn from each other.</summary>
    public string Group { get; }

    public IReadOnlyList<Position> Positions { get; }

    public IReadOnlyDictionary<int, PaceSum> Cells { get; }

    /// <summary>Metres between the ends.</summary>
    public double Straight { get; }

    /// <summary>Metres driven.</summary>
    public double Length => _driven[^1];

    public double Seconds => (Positions[^1].FixTime - Positions[0].FixTime).TotalSeconds;

    public int HourOfWeek => SpeedGrid.HourOfWeek(Positions[0].FixTime);

    /// <summary>
    /// A drive, without what stands at its ends; null when it goes nowhere: under 2 km or four minutes, slower than 12 km/h,
    /// or more than three times as long as the straight line.
    /// </summary>
    public static Drive? TryCreate(string group, IEnumerable<Position> positions)
    {
        var all = positions.ToList();
        var from = all.FindIndex(p => Ellipsoid.Distance(all[0], p) > 60);
        var to = all.FindIndex(p => Ellipsoid.Distance(all[^1], p) < 60);
        if (from < 1 || to <= from)
        {
            return null;
        }

        var drive = new Drive(group, all[(from - 1)..(to + 1)]);
        return drive is { Length: >= 2_000, Seconds: >= 240 } && drive.Length <= 3 * drive.Straight
            && drive.Length / drive.Seconds >= 12 / 3.6 ? drive : null;
    }

    /// <summary>The first position at or behind a part of the way, 0 to 1.</summary>
    public int IndexAt(double part) => Array.FindIndex(_driven, driven => driven >= part * Length);

    /// <summary>Metres driven up to a position.</summary>
    public double DrivenAt(int index) => _driven[index];
}
