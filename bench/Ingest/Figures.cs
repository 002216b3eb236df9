namespace ArtMqtt.Ingest.Bench;

/// <summary>What one round measured; rows per second.</summary>
/// <param name="Rows">Positions written by ingest and by psql.</param>
/// <param name="Ingest">From the spool on disk into the database, acknowledged.</param>
/// <param name="BytesAllocated">Managed bytes for each position, by all of ingest.</param>
/// <param name="Psql">psql, \copy in binary, of the same rows.</param>
/// <param name="Hundred">A transaction for 100 prepared INSERTs.</param>
/// <param name="Single">A transaction for each prepared INSERT.</param>
/// <param name="TableBytes">Bytes on disk for each position, without indexes.</param>
/// <param name="IndexBytes">Bytes of its index entries.</param>
/// <param name="LatestMs">Milliseconds to read where every device is.</param>
internal sealed record Figures(
    long Rows, double Ingest, double BytesAllocated, double Psql, double Hundred, double Single, double TableBytes,
    double IndexBytes, double LatestMs)
{
    /// <summary>The median of each.</summary>
    public static Figures Median(IReadOnlyList<Figures> rounds) => new(
        rounds[0].Rows, Of(rounds, f => f.Ingest), Of(rounds, f => f.BytesAllocated), Of(rounds, f => f.Psql),
        Of(rounds, f => f.Hundred), Of(rounds, f => f.Single), Of(rounds, f => f.TableBytes),
        Of(rounds, f => f.IndexBytes), Of(rounds, f => f.LatestMs));

    /// <summary>The median of the ratios of each round.</summary>
    public static double Ratio(IReadOnlyList<Figures> rounds) => Of(rounds, f => f.Ingest / f.Psql);

    /// <summary>As a page.</summary>
    public static string Page(IReadOnlyList<Figures> rounds, DateOnly takenOn, int devices, int writers)
    {
        var m = Median(rounds);
        return $"""
            # Into the hypertable

            Written by `bench/ingest` on {takenOn:yyyy-MM-dd}: {rounds.Count} rounds on one machine with {Environment.ProcessorCount} cores,
            {m.Rows:N0} positions of {devices:N0} devices, {writers} connection{(writers == 1 ? "" : "s")}. Medians. What each figure means: [README](../README.md).

            | | rows/s |
            | --- | ---: |
            | Ingest: spool on disk → `positions`, `device_latest`, acknowledged | {m.Ingest:N0} |
            | `psql \copy` in binary of the same rows into the same hypertable | {m.Psql:N0} |
            | 100 prepared INSERTs in a transaction | {m.Hundred:N0} |
            | one prepared INSERT in a transaction | {m.Single:N0} |

            - Ingest / psql: **{Ratio(rounds):F2}**
            - Allocated by ingest for each position: {m.BytesAllocated:F0} bytes
            - Where all {devices:N0} devices are, from `device_latest`, read by a client: {m.LatestMs:F1} ms
            - On disk for each position: {m.TableBytes:F0} bytes, and {m.IndexBytes:F0} in the indexes

            """;
    }

    private static double Of(IReadOnlyList<Figures> rounds, Func<Figures, double> figure) =>
        rounds.Select(figure).Order().ElementAt(rounds.Count / 2);
}
