using ArtMqtt.Contracts.Positions;
using Npgsql;

namespace ArtMqtt.Store.Trips;

/// <summary>
/// Keeps <c>device_trips</c> and <c>device_stops</c> as if every route had been looked at from its beginning. Several
/// nodes may work at the same time, and every step may be repeated.
/// </summary>
public sealed class DeviceTripRepository(NpgsqlDataSource dataSource)
{
    // Days of a device in one transaction: who sums up its hours waits for it. The rest stays due.
    private const int MaxDays = 7;
    private const string Taken = "taken";

    // Lost in a crash, the trips are due again: nobody waits for the disk.
    private const string NoWaitSql = "SET LOCAL synchronous_commit TO off";

    // The lock keeps other nodes from the device, and hours that are summed up meanwhile wait for it.
    private const string TakeSql = """
        SELECT device_key, from_hour, to_hour FROM device_trips_due
        ORDER BY from_hour DESC, device_key LIMIT 1 FOR UPDATE SKIP LOCKED
        """;

    private const string DoneSql = "DELETE FROM device_trips_due WHERE device_key = $1";
    private const string PostponeSql = "UPDATE device_trips_due SET from_hour = $2 WHERE device_key = $1";

    private const string FindSql = """
        SELECT through, positions, state FROM device_trip_states WHERE device_key = $1 AND day = $2
        """;

    private const string FindBeforeSql = """
        SELECT through, positions, state FROM device_trip_states WHERE device_key = $1 AND day < $2
        ORDER BY day DESC LIMIT 1
        """;

    // A day that was looked at, or one with an hour that is due.
    private const string FindNextSql = """
        SELECT min(day) FROM (
            SELECT min(day) AS day FROM device_trip_states WHERE device_key = $1 AND day >= $2
            UNION ALL
            SELECT date_trunc('day', min(hour), 'GMT') FROM device_hours
            WHERE device_key = $1 AND hour >= $2 AND hour <= $3) days
        """;

    private const string PositionsSql = """
        SELECT lat, lng, fix_time, speed FROM positions
        WHERE device_key = $1 AND fix_time >= $2 AND fix_time < $3 AND role <> 2
        ORDER BY fix_time
        """;

    /// <summary>Brings the trips of one device up to date, that with the newest hours first.</summary>
    /// <param name="cancellationToken">Gives up; nothing is changed then.</param>
    /// <returns>False when none was due.</returns>
    public async Task<bool> UpdateNextAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await TakeAsync(connection, cancellationToken) is not { } due)
        {
            return false;
        }

        await transaction.SaveAsync(Taken, cancellationToken);
        var rest = await UpdateAsync(transaction, due, cancellationToken);
        await using var finish = new NpgsqlCommand(rest is null ? DoneSql : PostponeSql, connection);
        finish.Parameters.Add(new() { Value = due.Device });
        if (rest is { } from)
        {
            finish.Parameters.AddTime(from);
        }

        await finish.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    // Returns from when on the device is still due.
    private static async Task<DateTimeOffset?> UpdateAsync(
        NpgsqlTransaction transaction, DueTrips due, CancellationToken cancellationToken)
    {
        var connection = transaction.Connection!;
        var (day, from, after) = (DayOf(due.From), due.From, due.To.AddHours(1));
        for (var days = 0; days < MaxDays; days++)
        {
            var stored = await FindAsync(connection, FindSql, due.Device, day, cancellationToken);
            var isAgain = stored is null || from < stored.Through;
            var before = isAgain
                ? await FindAsync(connection, FindBeforeSql, due.Device, day, cancellationToken)
                : stored;
            var end = Earlier(day.AddDays(1), Later(after, stored?.Through ?? default));
            var found = await LookAsync(
                connection, due.Device, isAgain ? day : stored!.Through, end, before?.State, cancellationToken);
            var positions = found.Positions + (isAgain ? 0 : stored!.Positions);
            if (positions < stored?.Positions)
            {
                // Positions were removed: what was found with them stays, and so does what leads up to it.
                await transaction.RollbackAsync(Taken, cancellationToken);
                return day.AddDays(1) < after ? day.AddDays(1) : null;
            }

            var state = new TripState(end, positions, found.Save());
            if (positions > 0)
            {
                await TripCommands.StoreAsync(
                    connection, due.Device, day, state, isAgain, found.Parts, cancellationToken);
            }

            var next = await FindNextAsync(connection, due, day.AddDays(1), cancellationToken);
            if (next is null && positions > 0)
            {
                await TripCommands.StoreOpenAsync(
                    connection, due.Device, TripDay.Open(state.State), cancellationToken);
            }

            // Of a state that is as it was everything that follows is too.
            var isSame = stored is not null && state.State.AsSpan().SequenceEqual(stored.State);
            if (next is null || (isSame && next >= after))
            {
                return null;
            }

            day = from = next.Value;
        }

        return day;
    }

    private static async Task<DueTrips?> TakeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(NoWaitSql), new(TakeSql) } };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new DueTrips(
                reader.GetInt32(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetFieldValue<DateTimeOffset>(2))
            : null;
    }

    private static async Task<TripState?> FindAsync(
        NpgsqlConnection connection, string sql, int device, DateTimeOffset day, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = device } } };
        command.Parameters.AddTime(day);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new TripState(
                reader.GetFieldValue<DateTimeOffset>(0), reader.GetInt32(1), reader.GetFieldValue<byte[]>(2))
            : null;
    }

    private static async Task<DateTimeOffset?> FindNextAsync(
        NpgsqlConnection connection, DueTrips due, DateTimeOffset from, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(FindNextSql, connection);
        command.Parameters.Add(new() { Value = due.Device });
        command.Parameters.AddTime(from);
        command.Parameters.AddTime(due.To);
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime day
            ? new DateTimeOffset(day, TimeSpan.Zero)
            : null;
    }

    private static async Task<TripDay> LookAsync(
        NpgsqlConnection connection, int device, DateTimeOffset from, DateTimeOffset to, byte[]? before,
        CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(PositionsSql, connection);
        command.Parameters.Add(new() { Value = device });
        command.Parameters.AddTime(from);
        command.Parameters.AddTime(to);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var day = new TripDay(before);
        while (await reader.ReadAsync(cancellationToken))
        {
            day.Add(new Position(reader.GetDouble(0), reader.GetDouble(1), reader.GetFieldValue<DateTimeOffset>(2))
            {
                Speed = reader.IsDBNull(3) ? null : reader.GetFloat(3),
            });
        }

        return day;
    }

    private static DateTimeOffset DayOf(DateTimeOffset time) => new(time.UtcDateTime.Date, TimeSpan.Zero);

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
