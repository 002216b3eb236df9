namespace ArtMqtt.DeviceAgent.Simulation;

/// <summary>Draws the streets: a square grid, bent by smooth waves, shaken a little, with pieces left out.</summary>
internal sealed class StreetGrid
{
    private const int Half = 17;
    private const int Side = (2 * Half) + 1;
    private const double Spacing = 265;
    private const double LeftOut = 0.16;
    private const double TunnelShare = 0.02;
    private const double ParkShare = 0.05;
    private const double ParkInset = 14;

    private readonly Random _random;
    private readonly double[] _phases;
    private readonly PlanePoint[] _places = new PlanePoint[Side * Side];

    public StreetGrid(int seed)
    {
        _random = new Random(seed);
        _phases = [.. Enumerable.Range(0, 8).Select(_ => _random.NextDouble() * 2 * Math.PI)];
        for (var index = 0; index < _places.Length; index++)
        {
            _places[index] = Place(index % Side, index / Side);
        }

        var crossings = Enumerable.Range(0, _places.Length)
            .Select(i => new Crossing(i, _places[i], HasLights(i % Side, i / Side))).ToArray();
        var pieces = Connected(crossings, DrawPieces(crossings));
        (Crossings, Pieces) = Renumber(crossings, pieces);
        Parks = DrawParks();
    }

    public IReadOnlyList<Crossing> Crossings { get; }

    public IReadOnlyList<StreetPiece> Pieces { get; }

    public IReadOnlyList<IReadOnlyList<PlanePoint>> Parks { get; }

    private static StreetClass ClassOf(int line) => (line - Half) % 6 == 0 ? StreetClass.Main
        : (line - Half) % 3 == 0 ? StreetClass.Collector
        : StreetClass.Residential;

    private static bool HasLights(int column, int row) =>
        ClassOf(column) != StreetClass.Residential && ClassOf(row) != StreetClass.Residential;

    private PlanePoint Place(int column, int row)
    {
        var (x, y) = ((column - Half) * Spacing, (row - Half) * Spacing);
        var bend = new PlanePoint(
            (110 * Math.Sin((y / 1900) + _phases[0])) + (45 * Math.Sin((y / 700) + (x / 2500) + _phases[1])),
            (110 * Math.Sin((x / 1700) + _phases[2])) + (45 * Math.Sin((x / 800) + (y / 2300) + _phases[3])));
        var shake = new PlanePoint((_random.NextDouble() - 0.5) * 50, (_random.NextDouble() - 0.5) * 50);
        return new PlanePoint(x, y) + bend + shake;
    }

    private List<StreetPiece> DrawPieces(Crossing[] crossings)
    {
        var pieces = new List<StreetPiece>(2 * _places.Length);
        for (var row = 0; row < Side; row++)
        {
            for (var column = 0; column < Side; column++)
            {
                var here = (row * Side) + column;
                if (column + 1 < Side)
                {
                    Draw(pieces, crossings[here], crossings[here + 1], row, runsNorth: false);
                }

                if (row + 1 < Side)
                {
                    Draw(pieces, crossings[here], crossings[here + Side], column, runsNorth: true);
                }
            }
        }

        return pieces;
    }

    private void Draw(List<StreetPiece> pieces, Crossing from, Crossing to, int line, bool runsNorth)
    {
        var streetClass = ClassOf(line);
        // Always drawn, so that every piece takes the same numbers from the generator.
        var chance = _random.NextDouble();
        if (streetClass == StreetClass.Residential && chance < LeftOut)
        {
            return;
        }

        pieces.Add(new StreetPiece(
            from, to, streetClass, StreetNames.Of(line - Half, runsNorth, streetClass),
            IsTunnel: streetClass == StreetClass.Main && chance < TunnelShare));
    }

    /// <summary>What can be reached from the middle; the rest would be streets that nobody can leave.</summary>
    private static List<StreetPiece> Connected(Crossing[] crossings, List<StreetPiece> pieces)
    {
        var at = pieces.SelectMany(p => new[] { (p.From.Id, p), (p.To.Id, p) }).ToLookup(x => x.Id, x => x.p);
        var reached = new HashSet<int> { (Half * Side) + Half };
        var open = new Queue<int>(reached);
        while (open.TryDequeue(out var id))
        {
            foreach (var piece in at[id])
            {
                var other = piece.Other(crossings[id]).Id;
                if (reached.Add(other))
                {
                    open.Enqueue(other);
                }
            }
        }

        return pieces.FindAll(p => reached.Contains(p.From.Id));
    }

    private static (Crossing[] Crossings, StreetPiece[] Pieces) Renumber(Crossing[] all, List<StreetPiece> pieces)
    {
        var used = pieces.SelectMany(p => new[] { p.From.Id, p.To.Id }).ToHashSet();
        var kept = all.Where(c => used.Contains(c.Id)).Select((c, i) => (Old: c.Id, New: c with { Id = i })).ToArray();
        var renumbered = kept.ToDictionary(k => k.Old, k => k.New);
        return ([.. kept.Select(k => k.New)],
            [.. pieces.Select(p => p with { From = renumbered[p.From.Id], To = renumbered[p.To.Id] })]);
    }

    private List<IReadOnlyList<PlanePoint>> DrawParks()
    {
        var parks = new List<IReadOnlyList<PlanePoint>>();
        for (var row = 0; row + 1 < Side; row++)
        {
            for (var column = 0; column + 1 < Side; column++)
            {
                if (_random.NextDouble() < ParkShare)
                {
                    parks.Add(Park((row * Side) + column));
                }
            }
        }

        return parks;
    }

    private List<PlanePoint> Park(int corner)
    {
        PlanePoint[] corners = [_places[corner], _places[corner + 1], _places[corner + Side + 1], _places[corner + Side]];
        var middle = (corners[0] + corners[1] + corners[2] + corners[3]) * 0.25;
        var ring = corners.Select(c => c + ((middle - c).Unit() * ParkInset)).ToList();
        ring.Add(ring[0]);
        return ring;
    }
}
