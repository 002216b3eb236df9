using ArtMqtt.Store.Speeds;
using ArtMqtt.WebGateway.Eta;

namespace ArtMqtt.Eta.Bench;

/// <summary>What a fleet has learned from its other drives, in the form the gateway reads it from the database.</summary>
internal static class Learned
{
    /// <summary>The pace of the cells, without one drive.</summary>
    public static KnownSpeeds Speeds(IEnumerable<Drive> all, Drive without)
    {
        var blocks = new Dictionary<int, BlockSpeeds>();
        foreach (var drive in all.Where(drive => drive != without))
        {
            foreach (var (cell, sum) in drive.Cells)
            {
                var block = SpeedGrid.BlockOf(cell);
                if (!blocks.TryGetValue(block, out var speeds))
                {
                    blocks.Add(block, speeds = new BlockSpeeds());
                }

                speeds.Add(cell, drive.HourOfWeek == without.HourOfWeek, sum);
            }
        }

        return new KnownSpeeds(blocks);
    }

    /// <summary>What the trips were like, without one.</summary>
    public static TripWays Ways(IEnumerable<Drive> all, Drive without) => new(all
        .Where(drive => drive != without && drive.Length <= TripWays.MaxDetour * drive.Straight)
        .GroupBy(drive => TripWays.ClassOf(drive.Straight))
        .ToDictionary(group => group.Key, group =>
        {
            var detours = group.Select(drive => Math.Max(1, drive.Length / drive.Straight)).Order().ToArray();
            var paces = group.Select(drive => drive.Seconds / drive.Length).Order().ToArray();
            return new TripClass(
                detours.Length, Quantiles.Of(detours, 0.1), Quantiles.Of(detours, 0.5), Quantiles.Of(detours, 0.9),
                Quantiles.Of(paces, 0.5));
        }));
}
