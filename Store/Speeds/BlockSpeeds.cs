namespace ArtMqtt.Store.Speeds;

/// <summary>What is known of the cells of one block: over all hours of the week, and in one of them.</summary>
public sealed class BlockSpeeds
{
    private readonly PaceSum[] _anyHour = new PaceSum[SpeedGrid.CellsPerBlock];
    private readonly PaceSum[] _thisHour = new PaceSum[SpeedGrid.CellsPerBlock];

    /// <summary>All cells and hours together.</summary>
    public PaceSum AnyHour { get; private set; }

    /// <summary>All cells in the one hour.</summary>
    public PaceSum ThisHour { get; private set; }

    /// <summary>A cell over all hours.</summary>
    public PaceSum CellAnyHour(int cell) => _anyHour[cell % SpeedGrid.CellsPerBlock];

    /// <summary>A cell in the one hour.</summary>
    public PaceSum CellThisHour(int cell) => _thisHour[cell % SpeedGrid.CellsPerBlock];

    /// <summary>Adds traversals.</summary>
    public void Add(int cell, bool isThisHour, in PaceSum sum)
    {
        _anyHour[cell % SpeedGrid.CellsPerBlock] += sum;
        AnyHour += sum;
        if (isThisHour)
        {
            _thisHour[cell % SpeedGrid.CellsPerBlock] += sum;
            ThisHour += sum;
        }
    }
}
