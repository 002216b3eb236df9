namespace ArtMqtt.DeviceAgent.Simulation;

/// <summary>
/// A made-up city, the same for the same seed: streets of three classes on a bent grid with gaps, all connected, about
/// 9 km across. A deterministic stand-in for a map anywhere on earth.
/// </summary>
internal sealed class StreetNetwork
{
    private readonly List<StreetPiece>[] _piecesAt;

    private StreetNetwork(
        LocalPlane plane, IReadOnlyList<Crossing> crossings, IReadOnlyList<StreetPiece> pieces,
        IReadOnlyList<IReadOnlyList<PlanePoint>> parks)
    {
        (Plane, Crossings, Pieces, Parks) = (plane, crossings, pieces, parks);
        _piecesAt = [.. crossings.Select(_ => new List<StreetPiece>(4))];
        foreach (var piece in pieces)
        {
            _piecesAt[piece.From.Id].Add(piece);
            _piecesAt[piece.To.Id].Add(piece);
        }
    }

    /// <summary>Where on earth it is.</summary>
    public LocalPlane Plane { get; }

    /// <summary>All crossings, by id.</summary>
    public IReadOnlyList<Crossing> Crossings { get; }

    /// <summary>All pieces of street.</summary>
    public IReadOnlyList<StreetPiece> Pieces { get; }

    /// <summary>Blocks that are parks, as closed rings.</summary>
    public IReadOnlyList<IReadOnlyList<PlanePoint>> Parks { get; }

    /// <summary>Makes the network around a centre.</summary>
    public static StreetNetwork Create(double latitude, double longitude, int seed)
    {
        var grid = new StreetGrid(seed);
        return new StreetNetwork(new LocalPlane(latitude, longitude), grid.Crossings, grid.Pieces, grid.Parks);
    }

    /// <summary>The pieces that meet at a crossing.</summary>
    public IReadOnlyList<StreetPiece> PiecesAt(Crossing crossing) => _piecesAt[crossing.Id];
}
