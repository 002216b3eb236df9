namespace ArtMqtt.Store.Speeds;

/// <summary>
/// The cells that speeds are learned in: about 700 m in each direction everywhere, 64 of them (8 by 8) in a block of about
/// 5.6 km. Rows are a twentieth of a degree of latitude; in each the number of columns follows the cosine.
/// </summary>
/// <remarks>
/// Smaller cells know one street better, but need as many times more drives; larger ones mix a motorway with the village
/// beside it. The numbers of a block's cells follow each other, so one range of the index reads a block.
/// </remarks>
public static class SpeedGrid
{
    /// <summary>Cells of a block.</summary>
    public const int CellsPerBlock = Side * Side;

    private const int Side = 8;
    private const double BlockDegrees = 0.05;
    private const int Rows = (int)(180 / BlockDegrees);
    private const int MaxColumns = 8_192;

    /// <summary>The cell of a place.</summary>
    /// <param name="latitude">Degrees north.</param>
    /// <param name="longitude">Degrees east.</param>
    public static int CellOf(double latitude, double longitude)
    {
        var north = (latitude + 90) / BlockDegrees;
        var row = Math.Clamp((int)north, 0, Rows - 1);
        var middle = ((row + 0.5) * BlockDegrees) - 90;
        var columns = Math.Max(1, (int)(360 / BlockDegrees * Math.Cos(double.DegreesToRadians(middle))));
        var east = (longitude + 180) / 360 * columns;
        // Longitude 180 is -180.
        east -= Math.Floor(east / columns) * columns;
        var column = Math.Min((int)east, columns - 1);
        var block = (row * MaxColumns) + column;
        return (block * CellsPerBlock) + (Part(north - row) * Side) + Part(east - column);
    }

    /// <summary>The block of a cell.</summary>
    public static int BlockOf(int cell) => cell / CellsPerBlock;

    /// <summary>The first cell of a block.</summary>
    public static int FirstCellOf(int block) => block * CellsPerBlock;

    /// <summary>The hour of the week of a moment: 0 is Monday 00:00 to 01:00, UTC.</summary>
    public static int HourOfWeek(DateTimeOffset time)
    {
        var utc = time.UtcDateTime;
        return ((((int)utc.DayOfWeek + 6) % 7) * 24) + utc.Hour;
    }

    private static int Part(double fraction) => Math.Clamp((int)(fraction * Side), 0, Side - 1);
}
