using System.Diagnostics;
using ArtMqtt.Load.Measure;
using ArtMqtt.Load.Node;
using Npgsql;

namespace ArtMqtt.Load.Scenarios;

/// <summary>
/// The rows a node has stored, written once more into a second hypertable with the same columns, indexes and chunks,
/// by binary COPY on one connection and nothing else: what the database alone takes.
/// </summary>
internal sealed class CopyScenario(string database, int rowsPerBatch, int? serverProcess, string? jsonPath)
{
    private const string ReadSql = "COPY (SELECT * FROM positions) TO STDOUT (FORMAT BINARY)";
    private const string WriteSql = "COPY bench_positions FROM STDIN (FORMAT BINARY)";
    private const string CountSql = "SELECT count(*) FROM bench_positions";
    private const string DropSql = "DROP TABLE IF EXISTS bench_positions";

    private const string CreateSql = """
        CREATE TABLE bench_positions (LIKE positions INCLUDING ALL);
        SELECT create_hypertable('bench_positions', by_range('fix_time', time_interval), create_default_indexes => false)
        FROM timescaledb_information.dimensions WHERE hypertable_name = 'positions';
        CHECKPOINT
        """;

    /// <summary>Runs it; returns 0 when all rows arrived.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var dataSource = NpgsqlDataSource.Create(database);
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var batches = CopyRows.Split(await ReadAsync(connection, cancellationToken), rowsPerBatch).ToList();
        var rows = batches.Sum(batch => (long)batch.Rows);
        await ExecuteAsync(connection, DropSql, cancellationToken);
        await ExecuteAsync(connection, CreateSql, cancellationToken);

        var cpu = ServerCpu();
        var started = Stopwatch.GetTimestamp();
        foreach (var (batch, _) in batches)
        {
            await using var copy = await connection.BeginRawBinaryCopyAsync(WriteSql, cancellationToken);
            await copy.WriteAsync(batch, cancellationToken);
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var perRow = (ServerCpu() - cpu) * 1e6 / Math.Max(1, rows);
        await using var count = new NpgsqlCommand(CountSql, connection);
        var stored = (long)(await count.ExecuteScalarAsync(cancellationToken))!;
        await ExecuteAsync(connection, DropSql, cancellationToken);
        var result = new CopyResult(rows, stored, rowsPerBatch, seconds, rows / seconds, perRow);
        Report.Write(result, result.Rows(), jsonPath);
        return result.Copied == result.Stored && rows > 0 ? 0 : 1;
    }

    private static async Task<byte[]> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using var rows = new MemoryStream();
        await using var copy = await connection.BeginRawBinaryCopyAsync(ReadSql, cancellationToken);
        await copy.CopyToAsync(rows, cancellationToken);
        return rows.ToArray();
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private double ServerCpu() => serverProcess is { } id ? ProcessCpu.Seconds(id) : double.NaN;
}

/// <summary>What came of a <see cref="CopyScenario"/>.</summary>
internal sealed record CopyResult(
    long Copied, long Stored, int RowsPerBatch, double Seconds, double PerSecond, double ServerMicrosecondsPerRow)
{
    /// <summary>The result as a table.</summary>
    public IEnumerable<(string Label, string Value)> Rows() =>
    [
        ("rows per COPY", $"{RowsPerBatch:N0}"),
        ("copied / stored", $"{Copied:N0} / {Stored:N0}"),
        ("copied", $"{PerSecond:N0}/s"),
        ("database", $"{ServerMicrosecondsPerRow:F2} us/row"),
    ];
}
