namespace ArtMqtt.WebGateway.Streets;

/// <summary>Makes bands of cells into lines that are one cell wide (Zhang and Suen, 1984).</summary>
internal static class Thinning
{
    /// <summary>Takes away cells from the edges, as long as everything stays connected.</summary>
    public static void Thin(HashSet<StreetCell> cells)
    {
        bool isChanged;
        do
        {
            isChanged = false;
            foreach (var isFirst in new[] { true, false })
            {
                var edge = cells.Where(cell => IsDispensable(cells, cell, isFirst)).ToList();
                cells.ExceptWith(edge);
                isChanged |= edge.Count > 0;
            }
        }
        while (isChanged);
    }

    // In the first pass from the south east, in the second from the north west.
    private static bool IsDispensable(HashSet<StreetCell> cells, StreetCell cell, bool isFirst)
    {
        var around = Array.ConvertAll(cell.Around, cells.Contains);
        var (north, east, south, west) = (around[0], around[2], around[4], around[6]);
        var count = around.Count(isSet => isSet);
        var begins = Enumerable.Range(0, around.Length).Count(i => !around[i] && around[(i + 1) % around.Length]);
        return count is >= 2 and <= 6 && begins == 1
            && (isFirst
                ? !(north && east && south) && !(east && south && west)
                : !(north && east && west) && !(north && south && west));
    }
}
