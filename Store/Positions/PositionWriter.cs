using System.Collections.Concurrent;
using Npgsql;

namespace ArtMqtt.Store.Positions;

/// <summary>
/// Writes positions, and with them, in the same transaction, where their devices are now and which hours have to be
/// summed up again. Writing the same twice is harmless.
/// </summary>
/// <remarks>
/// Optimistic: positions go straight into the hypertable by binary COPY. Only when one of them is there already do they
/// go again, through a temporary table and <c>ON CONFLICT DO NOTHING</c>.
/// </remarks>
public sealed class PositionWriter(NpgsqlDataSource dataSource, TimeProvider time)
{
    private const string CopySql = $"COPY positions ({PositionRowEncoder.Columns}) FROM STDIN (FORMAT BINARY)";
    private const string StageSql = "CREATE TEMP TABLE staged_positions (LIKE positions) ON COMMIT DROP";
    private const string StageCopySql =
        $"COPY staged_positions ({PositionRowEncoder.Columns}) FROM STDIN (FORMAT BINARY)";

    private const string MergeSql = $"""
        INSERT INTO positions ({PositionRowEncoder.Columns})
        SELECT {PositionRowEncoder.Columns} FROM staged_positions
        ON CONFLICT (device_key, fix_time) DO NOTHING
        """;

    private const string MergeSuspectSql = $"""
        INSERT INTO suspect_positions ({PositionRowEncoder.Columns})
        SELECT {PositionRowEncoder.Columns} FROM staged_positions
        ON CONFLICT (device_key, fix_time) DO NOTHING
        """;

    // As many as writers at work.
    private readonly ConcurrentBag<LatestColumns> _columns = [];

    /// <summary>Stores positions, all or none.</summary>
    /// <param name="rows">Sorted, no two of a device at the same moment.</param>
    /// <param name="cancellationToken">Gives up; nothing is stored then.</param>
    /// <returns>How many are new.</returns>
    /// <exception cref="PostgresException">
    /// The data was refused (<see cref="StoreErrors.IsPermanent"/>), or the database failed; nothing was stored.
    /// </exception>
    public async Task<int> WriteAsync(PositionSlice rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
        {
            return 0;
        }

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await PositionCopy.WriteAsync(connection, CopySql, rows, cancellationToken);
            await FinishAsync(transaction, rows, cancellationToken);
            return rows.Count;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // Delivered before: the slower way sorts it out.
        }

        await using var again = await connection.BeginTransactionAsync(cancellationToken);
        var written = await MergeAsync(connection, MergeSql, rows, cancellationToken);
        await FinishAsync(again, rows, cancellationToken);
        return written;
    }

    /// <summary>Stores positions with an impossible clock, all or none, apart from the others.</summary>
    /// <returns>How many are new.</returns>
    /// <inheritdoc cref="WriteAsync"/>
    public async Task<int> WriteSuspectAsync(PositionSlice rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
        {
            return 0;
        }

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var written = await MergeAsync(connection, MergeSuspectSql, rows, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return written;
    }

    private static async Task<int> MergeAsync(
        NpgsqlConnection connection, string sql, PositionSlice rows, CancellationToken cancellationToken)
    {
        await using (var stage = new NpgsqlCommand(StageSql, connection))
        {
            await stage.ExecuteNonQueryAsync(cancellationToken);
        }

        await PositionCopy.WriteAsync(connection, StageCopySql, rows, cancellationToken);
        await using var merge = new NpgsqlCommand(sql, connection);
        return await merge.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task FinishAsync(
        NpgsqlTransaction transaction, PositionSlice rows, CancellationToken cancellationToken)
    {
        if (!_columns.TryTake(out var columns))
        {
            columns = new LatestColumns();
        }

        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        if (LatestCommand.For(rows, columns) is { } latest)
        {
            batch.BatchCommands.Add(latest);
        }

        if (DueHoursCommand.For(rows, time.GetUtcNow()) is { } due)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(DueHoursCommand.LockSql));
            batch.BatchCommands.Add(due);
        }

        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        _columns.Add(columns);
    }
}
