using System.Buffers;
using ArtMqtt.Contracts.Positions;
using Npgsql;

namespace ArtMqtt.Store.Positions;

/// <summary>Writes batches of positions, all or nothing; writing a batch twice is harmless.</summary>
/// <remarks>
/// Optimistic: a batch goes straight into the hypertable by binary COPY. Only when it holds a position that is there
/// already does that one batch go again, through a temporary table and <c>ON CONFLICT DO NOTHING</c>.
/// </remarks>
public sealed class PositionWriter(NpgsqlDataSource dataSource)
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

    private const string EmptyStageSql = "TRUNCATE staged_positions";

    /// <summary>Stores all positions of the batch in one transaction.</summary>
    /// <exception cref="PostgresException">
    /// The data was refused (<see cref="StoreErrors.IsPermanent"/>), or the database failed; nothing was stored.
    /// </exception>
    public async Task<WriteResult> WriteAsync(
        IReadOnlyList<ReceivedPositions> batch, CancellationToken cancellationToken)
    {
        var rows = Encode(batch, suspect: false, out var count);
        var suspects = Encode(batch, suspect: true, out var suspectCount);
        if (count + suspectCount == 0)
        {
            return default;
        }

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        if (suspectCount == 0)
        {
            try
            {
                await CopyAsync(connection, CopySql, rows, cancellationToken);
                return new WriteResult(count, 0, 0);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
            {
                // Redelivered, or the same moment twice in this batch: the slower way sorts it out.
            }
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, StageSql, cancellationToken);
        await CopyAsync(connection, StageCopySql, rows, cancellationToken);
        var written = await ExecuteAsync(connection, MergeSql, cancellationToken);
        var suspectWritten = 0;
        if (suspectCount > 0)
        {
            await ExecuteAsync(connection, EmptyStageSql, cancellationToken);
            await CopyAsync(connection, StageCopySql, suspects, cancellationToken);
            suspectWritten = await ExecuteAsync(connection, MergeSuspectSql, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return new WriteResult(written, count + suspectCount - written - suspectWritten, suspectWritten);
    }

    private static ReadOnlyMemory<byte> Encode(IReadOnlyList<ReceivedPositions> batch, bool suspect, out int count)
    {
        count = 0;
        var buffer = new ArrayBufferWriter<byte>(256);
        PositionRowEncoder.WriteHeader(buffer);
        foreach (var received in batch)
        {
            foreach (var item in received.Positions)
            {
                if (item.IsClockSuspect == suspect)
                {
                    PositionRowEncoder.WriteRow(buffer, received, item.Position);
                    count++;
                }
            }
        }

        PositionRowEncoder.WriteTrailer(buffer);
        return buffer.WrittenMemory;
    }

    // A COPY is one statement and so all or nothing, with or without a transaction around it.
    private static async Task CopyAsync(
        NpgsqlConnection connection, string sql, ReadOnlyMemory<byte> rows, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginRawBinaryCopyAsync(sql, cancellationToken);
        await copy.WriteAsync(rows, cancellationToken);
    }

    private static async Task<int> ExecuteAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
