namespace ArtMqtt.WebGateway.Streets;

/// <summary>Finds the lines in cells that are thin: from crossing or end to the next.</summary>
internal sealed class CellLines
{
    private readonly Dictionary<StreetCell, List<StreetCell>> _next = [];
    private readonly HashSet<(StreetCell From, StreetCell To)> _walked = [];

    public CellLines(HashSet<StreetCell> cells)
    {
        foreach (var cell in cells)
        {
            _next[cell] = [.. Connected(cells, cell)];
        }
    }

    /// <summary>All lines, each once; those that end at both sides after a step or two are noise and left out.</summary>
    public IEnumerable<IReadOnlyList<StreetCell>> Find()
    {
        // What is left after the first round are rings.
        foreach (var (cell, next) in _next.Where(one => one.Value.Count != 2).Concat(_next.Where(one => one.Value.Count == 2)))
        {
            foreach (var to in next)
            {
                if (!_walked.Contains((cell, to)))
                {
                    var line = Walk(cell, to);
                    if (line.Count > 3 || (_next[line[0]].Count > 1 && _next[line[^1]].Count > 1))
                    {
                        yield return line;
                    }
                }
            }
        }
    }

    private List<StreetCell> Walk(StreetCell from, StreetCell to)
    {
        var line = new List<StreetCell> { from };
        while (_walked.Add((from, to)))
        {
            _walked.Add((to, from));
            line.Add(to);
            if (_next[to].Count != 2)
            {
                break;
            }

            (from, to) = (to, _next[to][0] == from ? _next[to][1] : _next[to][0]);
        }

        return line;
    }

    // Across a corner only where there is no way around it, or each bend would be a triangle.
    private static IEnumerable<StreetCell> Connected(HashSet<StreetCell> cells, StreetCell cell)
    {
        var around = cell.Around;
        for (var i = 0; i < around.Length; i++)
        {
            var isCorner = i % 2 == 1;
            if (cells.Contains(around[i])
                && !(isCorner && (cells.Contains(around[i - 1]) || cells.Contains(around[(i + 1) % around.Length]))))
            {
                yield return around[i];
            }
        }
    }
}
