using System.Diagnostics;
using Npgsql;

namespace ArtMqtt.Ingest.Bench;

/// <summary>Other ways to write the same rows into the same hypertable.</summary>
/// <param name="dataSource">The database.</param>
/// <param name="timescale"><c>compose/timescale.sh</c>, which knows where psql is.</param>
internal sealed class Alternatives(NpgsqlDataSource dataSource, string timescale)
{
    private const string InsertSql = """
        INSERT INTO positions VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        """;

    private object?[][] _rows = [];

    /// <summary>Empties what is written to, and lets the server write out what it has in memory.</summary>
    public async Task EmptyAsync(CancellationToken cancellationToken)
    {
        await ExecuteAsync("TRUNCATE positions, device_latest, device_hours_due", cancellationToken);
        await ExecuteAsync("CHECKPOINT", cancellationToken);
    }

    /// <summary>Keeps the rows that are stored, as they arrived: in a file for psql, some of them in memory.</summary>
    public async Task KeepAsync(string file, int some, CancellationToken cancellationToken)
    {
        await PsqlAsync($"\\copy (SELECT * FROM positions ORDER BY received_at, device_key) TO '{file}' (FORMAT BINARY)", cancellationToken);
        await using var command = dataSource.CreateCommand(
            $"SELECT * FROM positions ORDER BY received_at, device_key LIMIT {some}");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<object?[]>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }

        _rows = [.. rows];
    }

    /// <summary><c>psql \copy</c> from the file; returns seconds.</summary>
    public async Task<double> CopyAsync(string file, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        await PsqlAsync($"\\copy positions FROM '{file}' (FORMAT BINARY)", cancellationToken);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Prepared INSERTs on one connection, so many in each transaction; returns rows per second.</summary>
    public async Task<double> InsertAsync(int rows, int perTransaction, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        for (var i = 0; i < perTransaction; i++)
        {
            var command = new NpgsqlBatchCommand(InsertSql);
            command.Parameters.AddRange(_rows[i].Select(value => new NpgsqlParameter { Value = value }).ToArray());
            batch.BatchCommands.Add(command);
        }

        await batch.PrepareAsync(cancellationToken);
        var started = Stopwatch.GetTimestamp();
        for (var done = 0; done < rows; done += perTransaction)
        {
            for (var i = 0; i < perTransaction; i++)
            {
                var parameters = batch.BatchCommands[i].Parameters;
                for (var column = 0; column < parameters.Count; column++)
                {
                    parameters[column].Value = _rows[done + i][column];
                }
            }

            await batch.ExecuteNonQueryAsync(cancellationToken);
        }

        return rows / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Where every device is, all of it read; returns milliseconds, the median of 21.</summary>
    public async Task<double> LatestAsync(CancellationToken cancellationToken)
    {
        await ExecuteAsync("VACUUM ANALYZE device_latest", cancellationToken);
        var times = new List<double>();
        for (var i = 0; i < 21; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await using var command = dataSource.CreateCommand("SELECT device_key, fix_time, lat, lng, speed, heading FROM device_latest");
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                _ = (reader.GetInt32(0), reader.GetDateTime(1), reader.GetDouble(2), reader.GetDouble(3));
            }

            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return times.Order().ElementAt(times.Count / 2);
    }

    public async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("SELECT count(*) FROM positions");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Bytes on disk of each stored position: in the table, and in its indexes.</summary>
    public async Task<(double Table, double Indexes)> BytesAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("""
            SELECT table_bytes / n, index_bytes / n
            FROM hypertable_detailed_size('positions'), (SELECT count(*)::float8 AS n FROM positions) p
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetDouble(0), reader.GetDouble(1));
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task PsqlAsync(string command, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(timescale, ["psql", "-Atq", "-v", "ON_ERROR_STOP=1", "-c", command]);
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"psql ended with {process.ExitCode}.");
        }
    }
}
