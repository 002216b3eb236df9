using System.Text.RegularExpressions;
using Npgsql;

namespace ArtMqtt.Store.Bench;

/// <summary>How a question was answered.</summary>
/// <param name="Text">The plan, as PostgreSQL shows it.</param>
/// <param name="Chunks">Chunks of positions that were read; those that were left out while it ran do not count.</param>
internal sealed partial record Plan(string Text, int Chunks)
{
    public const string Explain = "EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF, COSTS OFF)";

    private const string HypertableSql =
        "SELECT id FROM _timescaledb_catalog.hypertable WHERE schema_name = 'public' AND table_name = 'positions'";

    /// <summary>Whether a table is read from its first row to its last.</summary>
    public bool ScansPositions => SequentialScan().IsMatch(Text);

    public static async Task<Plan> ReadAsync(
        NpgsqlDataSource dataSource, NpgsqlCommand explain, CancellationToken cancellationToken)
    {
        await using var hypertable = dataSource.CreateCommand(HypertableSql);
        var id = (int)(await hypertable.ExecuteScalarAsync(cancellationToken))!;
        var lines = new List<string>();
        await using (explain)
        {
            await using var reader = await explain.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                lines.Add(reader.GetString(0));
            }
        }

        var chunks = lines.Where(line => !line.Contains("never executed", StringComparison.Ordinal))
            .SelectMany(line => Chunk().Matches(line)).Where(match => match.Groups[1].Value == $"{id}")
            .Select(match => match.Value).Distinct().Count();
        return new Plan(string.Join('\n', lines), chunks);
    }

    [GeneratedRegex(@"Seq Scan on _hyper_\d+_\d+_chunk positions")]
    private static partial Regex SequentialScan();

    [GeneratedRegex(@"_hyper_(\d+)_\d+_chunk")]
    private static partial Regex Chunk();
}
