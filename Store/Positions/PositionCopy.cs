using System.Buffers;
using Npgsql;

namespace ArtMqtt.Store.Positions;

/// <summary>Sends rows by binary COPY, encoded on the way in one buffer that is used again.</summary>
internal static class PositionCopy
{
    private const int BufferBytes = 64 << 10;
    private const string Silent = "The database takes nothing of what is sent";

    /// <summary>One COPY: all rows or none, with or without a transaction around it.</summary>
    /// <param name="connection">Open.</param>
    /// <param name="sql">A COPY of the columns of <see cref="PositionRowEncoder"/>.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="cancellationToken">Gives up; nothing is stored then.</param>
    /// <exception cref="NpgsqlException">Among others: nothing was taken for the connection's command timeout.</exception>
    public static async Task WriteAsync(
        NpgsqlConnection connection, string sql, PositionSlice rows, CancellationToken cancellationToken)
    {
        // Npgsql limits how long it reads, not how long it writes: to a server that is silent it would write for ever.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var patience = connection.CommandTimeout == 0
            ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(connection.CommandTimeout);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            await using var copy = await connection.BeginRawBinaryCopyAsync(sql, cancellationToken);
            await copy.WriteAsync(PositionRowEncoder.Header.ToArray(), cancellationToken);
            for (var next = 0; next < rows.Count;)
            {
                var length = Fill(buffer, rows, ref next);
                limit.CancelAfter(patience);
                await copy.WriteAsync(buffer.AsMemory(0, length), limit.Token);
            }

            limit.CancelAfter(patience);
            await copy.WriteAsync(PositionRowEncoder.Trailer.ToArray(), limit.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new NpgsqlException(Silent, new TimeoutException(Silent, e));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static int Fill(byte[] buffer, PositionSlice rows, ref int next)
    {
        var length = 0;
        while (next < rows.Count && buffer.Length - length >= PositionRowEncoder.MaxRowBytes)
        {
            ref readonly var row = ref rows[next++];
            length += PositionRowEncoder.WriteRow(buffer.AsSpan(length), row.Source, row.Position);
        }

        return length;
    }
}
