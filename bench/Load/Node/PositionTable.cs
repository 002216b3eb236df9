using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace ArtMqtt.Load.Node;

/// <summary>Looks into the node's hypertable: what counts is what is there.</summary>
internal sealed class PositionTable(NpgsqlDataSource dataSource)
{
    // CHECKPOINT, so that no run pays for the pages of the one before it.
    private const string EmptySql = "TRUNCATE positions; CHECKPOINT";
    private const string CountSql = "SELECT count(*) FROM positions";

    private const string StoredSql = """
        SELECT count(*)
        FROM unnest($1, $2) AS newest(device_id, fix_time)
        JOIN devices USING (device_id)
        WHERE EXISTS (
            SELECT FROM positions p WHERE p.device_key = devices.device_key AND p.fix_time = newest.fix_time)
        """;

    private static readonly TimeSpan _pollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Removes all positions.</summary>
    public async Task EmptyAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(EmptySql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>All rows.</summary>
    public async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(CountSql);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>
    /// Waits until the newest position of every device is stored; the spool is first in, first out, so all the others
    /// are stored by then. Index look-ups only, so that watching costs the database next to nothing.
    /// </summary>
    /// <returns>False when the time is over.</returns>
    public async Task<bool> WaitForAsync(
        IReadOnlyCollection<(string DeviceId, long FixMs)> newest, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (await CountStoredAsync(newest, cancellationToken) < newest.Count)
        {
            if (Stopwatch.GetElapsedTime(started) > timeout)
            {
                return false;
            }

            await Task.Delay(_pollInterval, TimeProvider.System, cancellationToken);
        }

        return true;
    }

    private async Task<long> CountStoredAsync(
        IReadOnlyCollection<(string DeviceId, long FixMs)> newest, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(StoredSql);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. newest.Select(n => n.DeviceId)] });
        command.Parameters.Add(new NpgsqlParameter<DateTime[]>
        {
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz,
            TypedValue = [.. newest.Select(n => DateTimeOffset.FromUnixTimeMilliseconds(n.FixMs).UtcDateTime)],
        });
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
