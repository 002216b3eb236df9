namespace ArtMqtt.WebGateway.Streets;

/// <summary>A square of about 20 m, about as wide as a street with what receivers are wrong by.</summary>
/// <param name="Row">Counted from the equator to the north.</param>
/// <param name="Column">Counted from Greenwich to the east, in a width that is the same within a degree of latitude.</param>
internal readonly record struct StreetCell(int Row, int Column)
{
    /// <summary>Metres of a side.</summary>
    public const double Side = 20;

    private const double Degrees = Side / 111_200;

    /// <summary>The cells around, from the north in the direction of the clock.</summary>
    public StreetCell[] Around =>
    [
        this with { Row = Row + 1 }, new(Row + 1, Column + 1), this with { Column = Column + 1 }, new(Row - 1, Column + 1),
        this with { Row = Row - 1 }, new(Row - 1, Column - 1), this with { Column = Column - 1 }, new(Row + 1, Column - 1),
    ];

    /// <summary>The cell of a place. A line across the border of two degrees has a gap of a cell there.</summary>
    public static StreetCell Of(double latitude, double longitude)
    {
        var width = Degrees / Math.Max(0.01, Math.Cos(double.DegreesToRadians(Math.Floor(latitude) + 0.5)));
        return new StreetCell((int)Math.Floor(latitude / Degrees), (int)Math.Floor(longitude / width));
    }
}
