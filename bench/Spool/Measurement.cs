namespace ArtMqtt.Spool.Bench;

/// <summary>Figures of one candidate with one number of outstanding appends.</summary>
/// <param name="Candidate">What stored the groups.</param>
/// <param name="Outstanding">Appends waiting at any time.</param>
/// <param name="AppendsPerSecond">Records that became durable per second.</param>
/// <param name="Ratio">Of this rate to that of the segments in the same round.</param>
/// <param name="P50Ms">Median time of one append in ms.</param>
/// <param name="P99Ms">99th percentile in ms.</param>
/// <param name="RecordsPerGroup">Records that shared one flush, on average.</param>
/// <param name="Cores">Processor time per second, the load generator included.</param>
/// <param name="BytesPerAppend">Managed bytes allocated per append, the load generator included.</param>
internal sealed record Measurement(
    string Candidate, int Outstanding, double AppendsPerSecond, double Ratio, double P50Ms, double P99Ms,
    double RecordsPerGroup, double Cores, double BytesPerAppend)
{
    /// <summary>The median of each figure.</summary>
    public static Measurement Median(IReadOnlyList<Measurement> rounds) => rounds[0] with
    {
        AppendsPerSecond = Of(rounds, m => m.AppendsPerSecond),
        Ratio = Of(rounds, m => m.Ratio),
        P50Ms = Of(rounds, m => m.P50Ms),
        P99Ms = Of(rounds, m => m.P99Ms),
        RecordsPerGroup = Of(rounds, m => m.RecordsPerGroup),
        Cores = Of(rounds, m => m.Cores),
        BytesPerAppend = Of(rounds, m => m.BytesPerAppend),
    };

    private static double Of(IReadOnlyList<Measurement> rounds, Func<Measurement, double> figure) =>
        rounds.Select(figure).Order().ElementAt(rounds.Count / 2);
}
