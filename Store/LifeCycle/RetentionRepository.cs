using ArtMqtt.Store.Positions;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ArtMqtt.Store.LifeCycle;

/// <summary>
/// Removes what has become too old: whole chunks where everything in them is, else row by row, chunk after chunk. One
/// node at a time; every step may be repeated.
/// </summary>
public sealed class RetentionRepository([FromKeyedServices(StoreSources.Direct)] NpgsqlDataSource dataSource, TimeProvider time)
{
    private const string LockSql = "SELECT pg_try_advisory_lock(4705122847102)";
    private const string UnlockSql = "SELECT pg_advisory_unlock(4705122847102)";
    private const string NowSql = "SELECT now()";
    private const string DevicesSql = "SELECT device_id, device_key FROM devices";

    private const string ChunksSql = """
        SELECT range_start, range_end FROM timescaledb_information.chunks
        WHERE hypertable_schema = current_schema() AND hypertable_name = $1 AND range_start < $2
        ORDER BY range_start
        """;

    private const string DeleteCustomersSql =
        "DELETE FROM positions WHERE role = 2 AND fix_time >= $1 AND fix_time < $2";

    private const string DeleteLatestSql = "DELETE FROM device_latest WHERE device_key = ANY($1) AND fix_time < $2";
    // By what ended: a device that has been parked for years still is. A trip begins before it ends, and so says the index.
    private const string DeleteTripsSql =
        "DELETE FROM device_trips WHERE device_key = ANY($1) AND start_time < $2 AND end_time < $2";

    private const string DeleteStopsSql =
        "DELETE FROM device_stops WHERE device_key = ANY($1) AND start_time < $2 AND end_time < $2";

    private const string DeleteTripStatesSql =
        "DELETE FROM device_trip_states WHERE device_key = ANY($1) AND day < $2 - interval '24 hours'";

    private const string DeleteSuspectSql = "DELETE FROM suspect_positions WHERE received_at < $1";

    // Refused positions were acknowledged: somebody has to look at them first.
    private const string DeleteLettersSql =
        $"DELETE FROM dead_letters WHERE at < $1 AND code <> '{DeadLetterWriter.RefusedPositionCode}'";

    private const string DeleteDeviceEventsSql = "DELETE FROM device_events WHERE at < $1";

    /// <summary>Removes what is too old by the clock of the database or of this node, whichever is behind.</summary>
    /// <returns>What it was, or null when another node is doing the same.</returns>
    public async Task<Forgotten?> ApplyAsync(RetentionPolicy policy, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        if (!await ScalarAsync<bool>(connection, LockSql, cancellationToken))
        {
            return null;
        }

        try
        {
            return await ForgetAsync(connection, policy, cancellationToken);
        }
        finally
        {
            // A session that broke has given the lock back by itself.
            if (connection.FullState == System.Data.ConnectionState.Open)
            {
                await ScalarAsync<bool>(connection, UnlockSql, CancellationToken.None);
            }
        }
    }

    private async Task<Forgotten> ForgetAsync(
        NpgsqlConnection connection, RetentionPolicy policy, CancellationToken cancellationToken)
    {
        var now = await ScalarAsync<DateTime>(connection, NowSql, cancellationToken);
        now = now < time.GetUtcNow().UtcDateTime ? now : time.GetUtcNow().UtcDateTime;
        var fleets = await ReadFleetsAsync(connection, policy, cancellationToken);

        var longest = Longest([.. policy.Fleets.Select(fleet => fleet.Positions), policy.CustomerPositions]);
        var byPositions = fleets.ConvertAll(fleet => (fleet.Fleet.Positions, fleet.Keys));
        var chunks = await DropAsync(connection, AgingTable.Positions, now - longest, cancellationToken);
        var positions = await DeleteAsync(
            connection, AgingTable.Positions, byPositions, longest, now, cancellationToken);
        if (policy.CustomerPositions != longest)
        {
            positions += await DeleteCustomersAsync(connection, now - policy.CustomerPositions, cancellationToken);
        }

        foreach (var (age, keys) in byPositions)
        {
            await ExecuteAsync(connection, DeleteLatestSql, now - age, cancellationToken, keys);
        }

        longest = Longest([.. policy.Fleets.Select(fleet => fleet.Hours)]);
        chunks += await DropAsync(connection, AgingTable.Hours, now - longest, cancellationToken);
        var hours = await DeleteAsync(
            connection, AgingTable.Hours, fleets.ConvertAll(fleet => (fleet.Fleet.Hours, fleet.Keys)), longest, now,
            cancellationToken);

        foreach (var (fleet, keys) in fleets)
        {
            hours += await ExecuteAsync(connection, DeleteTripsSql, now - fleet.Hours, cancellationToken, keys);
            hours += await ExecuteAsync(connection, DeleteStopsSql, now - fleet.Hours, cancellationToken, keys);
            await ExecuteAsync(connection, DeleteTripStatesSql, now - fleet.Hours, cancellationToken, keys);
        }

        return new Forgotten(
            chunks, positions, hours,
            await ExecuteAsync(connection, DeleteSuspectSql, now - policy.SuspectPositions, cancellationToken),
            await ExecuteAsync(connection, DeleteLettersSql, now - policy.DeadLetters, cancellationToken))
        {
            DeviceEvents = await ExecuteAsync(connection, DeleteDeviceEventsSql, now - policy.DeviceEvents, cancellationToken),
        };
    }

    // Null as soon as one of them is kept for ever.
    private static TimeSpan? Longest(IReadOnlyCollection<TimeSpan?> ages) => ages.All(age => age is not null) ? ages.Max() : null;

    private static async Task<List<(FleetRetention Fleet, int[] Keys)>> ReadFleetsAsync(
        NpgsqlConnection connection, RetentionPolicy policy, CancellationToken cancellationToken)
    {
        var keys = policy.Fleets.ToDictionary(fleet => fleet, _ => new List<int>());
        await using var command = new NpgsqlCommand(DevicesSql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            keys[policy.FleetOf(reader.GetString(0))].Add(reader.GetInt32(1));
        }

        return [.. keys.Select(pair => (pair.Key, pair.Value.ToArray()))];
    }

    private static async Task<long> DropAsync(
        NpgsqlConnection connection, AgingTable table, DateTime? before, CancellationToken cancellationToken) =>
        before is { } moment ? await ScalarAsync<long>(connection, table.DropSql, cancellationToken, moment) : 0;

    // What is kept longest goes with its chunks.
    private static async Task<long> DeleteAsync(
        NpgsqlConnection connection, AgingTable table, IEnumerable<(TimeSpan? Age, int[] Keys)> fleets,
        TimeSpan? longest, DateTime now, CancellationToken cancellationToken)
    {
        var deleted = 0L;
        foreach (var (age, keys) in fleets)
        {
            if (now - age is not { } before || age == longest || keys.Length == 0)
            {
                continue;
            }

            foreach (var chunk in await ReadChunksAsync(connection, table.Name, before, cancellationToken))
            {
                deleted += await ExecuteAsync(
                    connection, table.DeleteSql, Earlier(chunk.To, before), cancellationToken, keys, chunk.From);
            }
        }

        return deleted;
    }

    private static async Task<long> DeleteCustomersAsync(
        NpgsqlConnection connection, DateTime? before, CancellationToken cancellationToken)
    {
        var deleted = 0L;
        if (before is { } moment)
        {
            foreach (var chunk in await ReadChunksAsync(
                connection, AgingTable.Positions.Name, moment, cancellationToken))
            {
                deleted += await ExecuteAsync(
                    connection, DeleteCustomersSql, Earlier(chunk.To, moment), cancellationToken, chunk.From);
            }
        }

        return deleted;
    }

    private static DateTime Earlier(DateTime one, DateTime other) => one < other ? one : other;

    private static async Task<List<ChunkRange>> ReadChunksAsync(
        NpgsqlConnection connection, string table, DateTime before, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, ChunksSql, table, before);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var chunks = new List<ChunkRange>();
        while (await reader.ReadAsync(cancellationToken))
        {
            chunks.Add(new ChunkRange(reader.GetDateTime(0), reader.GetDateTime(1)));
        }

        return chunks;
    }

    // The moment is the last parameter; without one nothing is too old.
    private static async Task<long> ExecuteAsync(
        NpgsqlConnection connection, string sql, DateTime? before, CancellationToken cancellationToken,
        params object[] values)
    {
        if (before is not { } moment)
        {
            return 0;
        }

        await using var command = Command(connection, sql, [.. values, moment]);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<T> ScalarAsync<T>(
        NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = Command(connection, sql, values);
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    // A chunk may hold hundreds of millions of rows; the caller's token bounds the wait.
    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }
}
