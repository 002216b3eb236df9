namespace ArtMqtt.Eta.Bench;

/// <summary>Quantiles as PostgreSQL's <c>percentile_cont</c> computes them.</summary>
internal static class Quantiles
{
    /// <summary>One of sorted numbers, at least one.</summary>
    public static double Of(IReadOnlyList<double> sorted, double part)
    {
        var at = part * (sorted.Count - 1);
        var below = (int)at;
        return double.Lerp(sorted[below], sorted[Math.Min(below + 1, sorted.Count - 1)], at - below);
    }
}
