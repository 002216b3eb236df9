namespace ArtMqtt.DeviceAgent.Simulation;

/// <summary>A way along the streets: consecutive pieces, and where along it one must slow down.</summary>
internal sealed class StreetRoute
{
    private const double SlowTurnSpeed = 2.5;
    private const double StraightOn = 12;

    private readonly PlanePoint[] _points;
    private readonly double[] _distances;
    private readonly StreetPiece[] _pieces;

    /// <summary>Begins at the given crossing.</summary>
    public StreetRoute(Crossing start, IReadOnlyList<StreetPiece> pieces)
    {
        _pieces = [.. pieces];
        Start = start;
        var crossings = new List<Crossing> { start };
        foreach (var piece in pieces)
        {
            crossings.Add(piece.Other(crossings[^1]));
        }

        End = crossings[^1];
        _points = [.. crossings.Select(c => c.Place)];
        _distances = new double[_points.Length];
        for (var i = 1; i < _points.Length; i++)
        {
            _distances[i] = _distances[i - 1] + pieces[i - 1].Length;
        }

        Turns = [.. Enumerable.Range(1, Math.Max(0, _points.Length - 2)).Select(i => TurnAt(i, crossings[i]))];
    }

    /// <summary>Where it begins.</summary>
    public Crossing Start { get; }

    /// <summary>Where it ends.</summary>
    public Crossing End { get; }

    /// <summary>Metres.</summary>
    public double Length => _distances[^1];

    /// <summary>The crossings on the way, without start and end.</summary>
    public IReadOnlyList<RouteTurn> Turns { get; }

    /// <summary>The place after some metres.</summary>
    public PlanePoint PlaceAt(double distance)
    {
        var piece = PieceIndexAt(distance);
        return _points[piece] + (DirectionAt(distance) * (distance - _distances[piece]));
    }

    /// <summary>The direction of travel after some metres.</summary>
    public PlanePoint DirectionAt(double distance)
    {
        var piece = PieceIndexAt(distance);
        return (_points[piece + 1] - _points[piece]).Unit();
    }

    /// <summary>The piece of street after some metres.</summary>
    public StreetPiece PieceAt(double distance) => _pieces[PieceIndexAt(distance)];

    private int PieceIndexAt(double distance)
    {
        var index = Array.BinarySearch(_distances, distance);
        return Math.Clamp(index >= 0 ? index : ~index - 1, 0, _pieces.Length - 1);
    }

    private RouteTurn TurnAt(int index, Crossing crossing)
    {
        var before = (_points[index] - _points[index - 1]).Unit();
        var after = (_points[index + 1] - _points[index]).Unit();
        var angle = double.RadiansToDegrees(Math.Acos(Math.Clamp(
            (before.East * after.East) + (before.North * after.North), -1, 1)));
        // Straight on at the limit, 5 m/s around a right angle, walking pace in a hairpin.
        var limit = Math.Min(_pieces[index - 1].Limit, _pieces[index].Limit);
        var speed = angle < StraightOn ? limit : Math.Min(limit, Math.Max(SlowTurnSpeed, 450 / angle));
        var runsNorth = Math.Abs(before.North) > Math.Abs(before.East);
        return new RouteTurn(_distances[index], speed, crossing, runsNorth);
    }
}

/// <summary>A crossing on a route.</summary>
/// <param name="Distance">Metres from the start of the route.</param>
/// <param name="Speed">Highest speed there, m/s.</param>
/// <param name="Crossing">The crossing.</param>
/// <param name="FromSouthOrNorth">From where it is reached; decides which lights are looked at.</param>
internal sealed record RouteTurn(double Distance, double Speed, Crossing Crossing, bool FromSouthOrNorth);
