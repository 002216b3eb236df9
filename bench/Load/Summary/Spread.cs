namespace ArtMqtt.Load.Summary;

/// <summary>The median of several runs, and how far apart they were.</summary>
internal sealed record Spread(double Median, double Lowest, double Highest)
{
    /// <summary>Of at least one value.</summary>
    public static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        var middle = sorted.Count / 2;
        return new Spread(
            sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2, sorted[0], sorted[^1]);
    }
}
