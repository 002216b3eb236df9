using ArtMqtt.Store.Speeds;

namespace ArtMqtt.WebGateway.Eta;

/// <summary>
/// What is known of the pace in each cell. What many drives say is believed; what few say is moved towards the level above
/// it: cell in this hour of the week, cell, block of cells in this hour, block, fleet.
/// </summary>
/// <param name="blocks">The blocks that are known.</param>
internal sealed class KnownSpeeds(IReadOnlyDictionary<int, BlockSpeeds> blocks)
{
    // Metres driven that weigh as much as all that is known on the level above.
    private const double BlockTrust = 5_000;
    private const double CellTrust = 2_000;

    public static KnownSpeeds None { get; } = new(new Dictionary<int, BlockSpeeds>());

    /// <summary>The pace to expect in a cell.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="fleetPace">Seconds per metre when nothing is known of the place.</param>
    public CellPace Find(int cell, double fleetPace)
    {
        if (!blocks.TryGetValue(SpeedGrid.BlockOf(cell), out var block) || block.AnyHour.Traversals <= 0)
        {
            return new CellPace(fleetPace, 0, 0);
        }

        var pace = Blend(fleetPace, block.AnyHour, BlockTrust);
        pace = Blend(pace, block.ThisHour, BlockTrust);
        var here = block.CellAnyHour(cell);
        pace = Blend(pace, here, CellTrust);
        pace = Blend(pace, block.CellThisHour(cell), CellTrust);
        return new CellPace(
            pace, Trust(block.AnyHour, BlockTrust),
            here.Traversals > 1 ? here.RelativeVariance : block.AnyHour.RelativeVariance);
    }

    private static double Blend(double above, in PaceSum sum, double trust) => sum.Traversals <= 0 || sum.Distance <= 0
        ? above
        : (sum.Seconds + (trust * above)) / (sum.Distance + trust);

    private static double Trust(in PaceSum sum, double trust) => sum.Distance <= 0 ? 0 : sum.Distance / (sum.Distance + trust);
}

/// <summary>The pace to expect in a cell.</summary>
/// <param name="Pace">Seconds per metre.</param>
/// <param name="Known">How much of it is the place's own history, 0 to 1.</param>
/// <param name="RelativeVariance">Of the pace between traversals, as a part of its square.</param>
internal readonly record struct CellPace(double Pace, double Known, double RelativeVariance);
