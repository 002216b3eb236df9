using Npgsql;

namespace ArtMqtt.Store.LifeCycle;

/// <summary>
/// Erases what is known of a device or of a customer: positions, what was summed up of them, dead letters. Written down
/// before it is begun and done again until <see cref="RepeatAsync"/> closes it, because something may still be on its way
/// through a spool, or a node may die half-way.
/// </summary>
public sealed class ErasureRepository(NpgsqlDataSource dataSource)
{
    private const string Columns = "erasure_id, kind, subject, position_key, through, positions, dead_letters";

    private const string BeginDeviceSql = $"""
        INSERT INTO erasures (kind, subject, position_key, by)
        SELECT 'device', device_id, device_key, $2 FROM devices WHERE device_id = $1
        RETURNING {Columns}
        """;

    // About ten kilometres are left of the place. Nobody has a token of that hash.
    private const string BeginCustomerSql = $"""
        WITH customer AS (
            UPDATE service_requests SET customer_name = NULL, note = NULL,
                pickup_lat = round(pickup_lat::numeric, 1), pickup_lng = round(pickup_lng::numeric, 1),
                customer_token_hash = sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
            WHERE request_id = $1 AND status IN ('completed', 'cancelled')
            RETURNING request_id, customer_key),
        links AS (DELETE FROM shares USING customer WHERE shares.request_id = customer.request_id)
        INSERT INTO erasures (kind, subject, position_key, by)
        SELECT 'customer', request_id::text, customer_key, $2 FROM customer
        RETURNING {Columns}
        """;

    private const string OpenSql = $"SELECT {Columns} FROM erasures WHERE closed_at IS NULL ORDER BY erasure_id";

    private const string CloseSql =
        "UPDATE erasures SET closed_at = now() WHERE closed_at IS NULL AND through < now() - $1";

    private const string RangeSql = "SELECT min(fix_time), max(fix_time) FROM positions WHERE device_key = $1";

    private const string DeletePositionsSql = """
        DELETE FROM positions
        WHERE device_key = $1 AND fix_time >= $2 AND fix_time < $3 AND received_at <= $4
        """;

    // Locks in the order of those who store positions and sum up: newest position, due hours, hours, due trips.
    private const string DeleteLatestSql = "DELETE FROM device_latest WHERE device_key = $1 AND received_at <= $2";

    private const string RestoreLatestSql = """
        INSERT INTO device_latest
        SELECT * FROM positions WHERE device_key = $1 AND role <> 2 ORDER BY fix_time DESC LIMIT 1
        ON CONFLICT DO NOTHING
        """;

    // What stays, because it came later, is summed up again.
    private const string MakeDueSql = """
        INSERT INTO device_hours_due (device_key, hour)
        SELECT device_key, hour FROM device_hours WHERE device_key = $1 AND hour <= $2 ORDER BY hour
        ON CONFLICT (device_key, hour) DO UPDATE SET hour = excluded.hour
        """;

    // What the fleet has learned from them is taken away too, in the order of its key.
    private const string DeleteHoursSql = """
        WITH gone AS (
            DELETE FROM device_hours h USING device_hours_due due
            WHERE h.device_key = $1 AND h.hour <= $2 AND due.device_key = $1 AND due.hour = h.hour
            RETURNING h.*)
        UPDATE speed_cells s SET
            traversals = s.traversals - t.traversals, distance_m = s.distance_m - t.distance_m,
            seconds = s.seconds - t.seconds, square = s.square - t.square
        FROM (
            SELECT k.cell, k.hour_of_week, g.traversals, g.distance_m, g.seconds, g.square FROM (
                SELECT c.cell,
                    ((extract(isodow FROM g.hour AT TIME ZONE 'UTC') - 1) * 24 + extract(hour FROM g.hour AT TIME ZONE 'UTC'))::smallint
                        AS hour_of_week,
                    sum(c.traversals) AS traversals, sum(c.m::double precision) AS distance_m,
                    sum(c.s::double precision) AS seconds, sum(c.square::double precision) AS square
                FROM gone g CROSS JOIN LATERAL unnest(g.cells, g.cell_traversals, g.cell_m, g.cell_s, g.cell_square)
                    AS c (cell, traversals, m, s, square)
                GROUP BY 1, 2) g
            JOIN speed_cells k USING (cell, hour_of_week)
            ORDER BY k.cell, k.hour_of_week FOR UPDATE OF k) t
        WHERE s.cell = t.cell AND s.hour_of_week = t.hour_of_week
        """;

    // The row keeps others from the device's trips; what goes on after the erased part, on that day, is looked for again.
    private const string MakeTripsDueSql = """
        INSERT INTO device_trips_due (device_key, from_hour, to_hour)
        SELECT $1, date_trunc('hour', $2, 'GMT'), coalesce(max(hour), date_trunc('hour', $2, 'GMT')) FROM device_hours
        WHERE device_key = $1 AND hour > $2 AND hour < date_trunc('day', $2, 'GMT') + interval '24 hours'
        ON CONFLICT (device_key) DO UPDATE SET
            from_hour = least(device_trips_due.from_hour, excluded.from_hour),
            to_hour = greatest(device_trips_due.to_hour, excluded.to_hour)
        """;

    private const string DeleteTripsSql = "DELETE FROM device_trips WHERE device_key = $1 AND start_time <= $2";
    private const string DeleteStopsSql = "DELETE FROM device_stops WHERE device_key = $1 AND start_time <= $2";
    private const string DeleteStatesSql = "DELETE FROM device_trip_states WHERE device_key = $1 AND day <= $2";

    private const string DeleteSuspectSql = "DELETE FROM suspect_positions WHERE device_key = $1 AND received_at <= $2";

    private const string DeleteLettersSql = """
        DELETE FROM dead_letters
        WHERE at <= $2 AND CASE WHEN $3 THEN topic = 'art/requests/' || $1 || '/customer/position' ELSE device_id = $1 END
        """;

    // A customer's request is not told any more, and the device's part in it is all of it.
    private const string DeleteToldSql = """
        DELETE FROM live_events
        WHERE at <= $2 AND request_id IN (
            SELECT request_id FROM service_requests WHERE customer_key = $1
            UNION SELECT request_id FROM request_events WHERE device_key = $1)
        """;

    // What webhooks tell of where it was, and what geofences know of that.
    private const string DeleteEventsSql = "DELETE FROM webhook_deliveries WHERE subject = $1 AND created_at <= $2";
    private const string DeleteProgressSql = "DELETE FROM geofence_progress WHERE device_key = $1 AND through <= $2";

    private const string DeleteInsideSql = """
        DELETE FROM geofence_states s USING geofence_progress p
        WHERE s.device_key = $1 AND p.device_key = $1 AND p.through <= $2
        """;

    // From where it connected.
    private const string DeleteDeviceEventsSql = "DELETE FROM device_events WHERE device_key = $1 AND at <= $2";
    private const string DeleteDeviceStateSql =
        "UPDATE device_states SET address = '' WHERE device_key = $1 AND changed_at <= $2 AND NOT is_online";

    private const string DoneSql = """
        UPDATE erasures SET last_done_at = now(), positions = positions + $2, dead_letters = dead_letters + $3
        WHERE erasure_id = $1
        """;

    // A device may have millions of positions: one transaction each.
    private static readonly TimeSpan _slice = TimeSpan.FromDays(7);

    /// <summary>Erases what a device has reported so far. The device itself stays and may go on.</summary>
    /// <param name="deviceId">The device.</param>
    /// <param name="by">On whose word.</param>
    /// <param name="cancellationToken">Gives up; it is gone on with later all the same.</param>
    /// <returns>What was erased, or null when there is no such device.</returns>
    public Task<Erasure?> EraseDeviceAsync(string deviceId, string by, CancellationToken cancellationToken) =>
        EraseAsync(BeginDeviceSql, deviceId, by, cancellationToken);

    /// <summary>
    /// Erases the customer of a request that is over: the positions of the phone, name, note, link and shares; of the place,
    /// only the neighbourhood stays (0.1°). What the operator's device reported is the device's.
    /// </summary>
    /// <param name="requestId">The request.</param>
    /// <param name="by">On whose word.</param>
    /// <param name="cancellationToken">Gives up; it is gone on with later all the same.</param>
    /// <returns>What was erased, or null when there is no such request, or it is not over.</returns>
    public Task<Erasure?> EraseCustomerAsync(Guid requestId, string by, CancellationToken cancellationToken) =>
        EraseAsync(BeginCustomerSql, requestId, by, cancellationToken);

    /// <summary>Does all open erasures again and closes those that were asked for long enough ago.</summary>
    /// <param name="openFor">Longer than anything waits in a spool.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Positions that were found and erased.</returns>
    public async Task<long> RepeatAsync(TimeSpan openFor, CancellationToken cancellationToken)
    {
        var open = new List<Row>();
        await using (var command = dataSource.CreateCommand(OpenSql))
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                open.Add(Read(reader));
            }
        }

        var erased = 0L;
        foreach (var row in open)
        {
            erased += (await EraseAsync(row, cancellationToken)).Positions - row.Erasure.Positions;
        }

        await using var close = dataSource.CreateCommand(CloseSql);
        close.Parameters.Add(new() { Value = openFor });
        await close.ExecuteNonQueryAsync(cancellationToken);
        return erased;
    }

    private async Task<Erasure?> EraseAsync(
        string beginSql, object subject, string by, CancellationToken cancellationToken)
    {
        Row row;
        await using (var command = dataSource.CreateCommand(beginSql))
        {
            command.Parameters.Add(new() { Value = subject });
            command.Parameters.Add(new() { Value = by });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            if (!await reader.ReadAsync(cancellationToken))
            {
                return null;
            }

            row = Read(reader);
        }

        return await EraseAsync(row, cancellationToken);
    }

    private async Task<Erasure> EraseAsync(Row row, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var positions = await ErasePositionsAsync(connection, row, cancellationToken);
        var through = row.Erasure.Through.UtcDateTime;

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, DeleteLatestSql, cancellationToken, row.Key, through);
        await ExecuteAsync(connection, RestoreLatestSql, cancellationToken, row.Key);
        await ExecuteAsync(connection, MakeDueSql, cancellationToken, row.Key, through);
        await ExecuteAsync(connection, DeleteHoursSql, cancellationToken, row.Key, through);
        if (!row.IsCustomer)
        {
            await ExecuteAsync(connection, MakeTripsDueSql, cancellationToken, row.Key, through);
            await ExecuteAsync(connection, DeleteTripsSql, cancellationToken, row.Key, through);
            await ExecuteAsync(connection, DeleteStopsSql, cancellationToken, row.Key, through);
            await ExecuteAsync(connection, DeleteStatesSql, cancellationToken, row.Key, through);
            await ExecuteAsync(connection, DeleteDeviceEventsSql, cancellationToken, row.Key, through);
            await ExecuteAsync(connection, DeleteDeviceStateSql, cancellationToken, row.Key, through);
            await ExecuteAsync(connection, DeleteEventsSql, cancellationToken, row.Erasure.Subject, through);
            await ExecuteAsync(connection, DeleteInsideSql, cancellationToken, row.Key, through);
            await ExecuteAsync(connection, DeleteProgressSql, cancellationToken, row.Key, through);
        }

        await ExecuteAsync(connection, DeleteSuspectSql, cancellationToken, row.Key, through);
        await ExecuteAsync(connection, DeleteToldSql, cancellationToken, row.Key, through);
        var letters = await ExecuteAsync(
            connection, DeleteLettersSql, cancellationToken, row.Erasure.Subject, through, row.IsCustomer);
        await ExecuteAsync(connection, DoneSql, cancellationToken, row.Id, positions, letters);
        await transaction.CommitAsync(cancellationToken);
        return row.Erasure with
        {
            Positions = row.Erasure.Positions + positions,
            DeadLetters = row.Erasure.DeadLetters + letters,
        };
    }

    private static async Task<long> ErasePositionsAsync(
        NpgsqlConnection connection, Row row, CancellationToken cancellationToken)
    {
        DateTime from, last;
        await using (var range = new NpgsqlCommand(RangeSql, connection))
        {
            range.Parameters.Add(new() { Value = row.Key });
            await using var reader = await range.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            if (await reader.IsDBNullAsync(0, cancellationToken))
            {
                return 0;
            }

            (from, last) = (reader.GetDateTime(0), reader.GetDateTime(1));
        }

        var erased = 0L;
        for (; from <= last; from += _slice)
        {
            erased += await ExecuteAsync(
                connection, DeletePositionsSql, cancellationToken, row.Key, from, from + _slice,
                row.Erasure.Through.UtcDateTime);
        }

        return erased;
    }

    private static async Task<long> ExecuteAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static Row Read(NpgsqlDataReader reader) => new(
        reader.GetInt64(0), reader.GetString(1) == "customer", reader.GetInt32(3), new Erasure(
            reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(4), reader.GetInt64(5), reader.GetInt64(6)));

    private sealed record Row(long Id, bool IsCustomer, int Key, Erasure Erasure);
}
