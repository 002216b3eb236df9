namespace ArtMqtt.Spool.Bench;

/// <summary>The table for people.</summary>
internal static class Report
{
    /// <summary>Writes the medians; the ratio is to the segments of the same round.</summary>
    public static void Write(IReadOnlyList<Measurement> medians, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine("| k | candidate | appends/s | ratio | p50 ms | p99 ms | records/group | cores | B/append |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var m in medians)
        {
            output.WriteLine(
                $"| {m.Outstanding:N0} | {m.Candidate} | {m.AppendsPerSecond:N0} | {m.Ratio:F2} "
                + $"| {m.P50Ms:F3} | {m.P99Ms:F2} | {m.RecordsPerGroup:F1} | {m.Cores:F2} | {m.BytesPerAppend:F0} |");
        }
    }
}
