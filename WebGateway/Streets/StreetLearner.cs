using ArtMqtt.Store.Routes;
using NetTopologySuite.Geometries;
using NetTopologySuite.Simplify;
using Position = ArtMqtt.Contracts.Positions.Position;

namespace ArtMqtt.WebGateway.Streets;

/// <summary>Learns streets from drives: where enough different devices have driven, there is one. No I/O.</summary>
/// <param name="minDevices">How many are enough.</param>
/// <param name="maxCells">How much is kept in mind; beyond, only known places are learned more of.</param>
internal sealed class StreetLearner(int minDevices, int maxCells)
{
    // A longer way between two positions may have been another one; the time is for receivers that were away.
    private const double MaxMetres = 200;
    private const double MaxSeconds = 30;

    // Metres per second: slower may be a receiver that trembles, faster is its error.
    private const double MinSpeed = 1.5;
    private const double MaxSpeed = 70;

    // Metres per second on average, traffic lights included.
    private const double MainRoad = 18;
    private const double Road = 11;

    private const double MetresPerDegree = 111_200;
    private const double Tolerance = 4;

    private readonly Dictionary<StreetCell, Passes> _cells = [];

    /// <summary>Adds a drive.</summary>
    /// <param name="device">Whose.</param>
    /// <param name="positions">Oldest first.</param>
    public void Add(int device, IReadOnlyList<Position> positions)
    {
        foreach (var (from, to) in positions.Zip(positions.Skip(1)))
        {
            var (metres, seconds) = (Ellipsoid.Distance(from, to), (to.FixTime - from.FixTime).TotalSeconds);
            if (seconds is > 0 and <= MaxSeconds && metres <= MaxMetres && metres / seconds is >= MinSpeed and <= MaxSpeed
                && Math.Abs(from.Longitude - to.Longitude) < 180)
            {
                AddWay(device, from, to, metres, metres / seconds);
            }
        }
    }

    /// <summary>The streets that were learned so far.</summary>
    public IEnumerable<Street> Learn()
    {
        var cells = _cells.Where(cell => cell.Value.IsStreet).Select(cell => cell.Key).ToHashSet();
        Thinning.Thin(cells);
        return new CellLines(cells).Find().Select(ToStreet);
    }

    private void AddWay(int device, in Position from, in Position to, double metres, double speed)
    {
        var steps = (int)Math.Ceiling(metres / (StreetCell.Side / 2));
        for (var step = 0; step < steps; step++)
        {
            var share = (step + 0.5) / steps;
            var latitude = from.Latitude + ((to.Latitude - from.Latitude) * share);
            var longitude = from.Longitude + ((to.Longitude - from.Longitude) * share);
            var cell = StreetCell.Of(latitude, longitude);
            if (!_cells.TryGetValue(cell, out var passes))
            {
                if (_cells.Count >= maxCells)
                {
                    continue;
                }

                _cells.Add(cell, passes = new Passes(minDevices));
            }

            passes.Add(device, latitude, longitude, speed);
        }
    }

    private Street ToStreet(IReadOnlyList<StreetCell> line)
    {
        var passes = line.Select(cell => _cells[cell]).ToList();
        var speed = passes.Average(pass => pass.Speed);
        // In a frame where a metre is as long to the east as to the north.
        var scale = Math.Cos(double.DegreesToRadians(passes[0].Latitude));
        var places = passes.Select(pass => new Coordinate(pass.Longitude * scale, pass.Latitude)).ToArray();
        var simple = DouglasPeuckerLineSimplifier.Simplify(places, Tolerance / MetresPerDegree, isPreserveEndpoint: true);
        return new Street(
            speed >= MainRoad ? 0 : speed >= Road ? 1 : 2,
            [.. simple.Select(place => new StreetPoint(place.Y, place.X / scale))]);
    }
}
