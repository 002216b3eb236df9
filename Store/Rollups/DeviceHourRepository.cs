using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Positions;
using ArtMqtt.Store.Routes;
using ArtMqtt.Store.Speeds;
using Npgsql;

namespace ArtMqtt.Store.Rollups;

/// <summary>
/// Keeps <c>device_hours</c>: what each device did in each hour, and <c>speed_cells</c>: how quickly all of them passed each
/// place. Several nodes may work at the same time, and every step may be repeated.
/// </summary>
public sealed class DeviceHourRepository(NpgsqlDataSource dataSource)
{
    /// <summary>A step over a longer gap counts for no distance and no moving time.</summary>
    public static readonly TimeSpan MaxGap = TimeSpan.FromHours(1);

    // Devices whose newest position is older than the hour cannot have one in it; of the others some may have none.
    private const string SweepSql = """
        WITH swept AS (
            UPDATE device_hours_swept SET through = through + interval '1 hour'
            WHERE through + interval '1 hour' <= $1 RETURNING through - interval '1 hour' AS hour),
        due AS (
            INSERT INTO device_hours_due (device_key, hour)
            SELECT l.device_key, s.hour FROM device_latest l JOIN swept s ON l.fix_time >= s.hour
            ORDER BY 1 ON CONFLICT DO NOTHING)
        SELECT count(*) FROM swept
        """;

    private const string TakeSql = """
        DELETE FROM device_hours_due d USING (
            SELECT device_key, hour FROM device_hours_due WHERE hour + interval '1 hour' <= $1
            ORDER BY hour, device_key LIMIT $2 FOR UPDATE SKIP LOCKED) taken
        WHERE d.device_key = taken.device_key AND d.hour = taken.hour
        RETURNING d.device_key, d.hour
        """;

    private const string BeforeSql = """
        SELECT lat, lng, fix_time, speed FROM positions
        WHERE device_key = $1 AND fix_time >= $2 AND fix_time < $3 AND role <> 2
        ORDER BY fix_time DESC LIMIT 1
        """;

    private const string HourSql = """
        SELECT lat, lng, fix_time, speed FROM positions
        WHERE device_key = $1 AND fix_time >= $2 AND fix_time < $3 AND role <> 2
        ORDER BY fix_time
        """;

    // Fewer positions than before: retention has taken some, and what was summed up while all were there is better. The
    // first step of the next hour begins at the last position of this one.
    private const string StoreSql = """
        WITH before AS (
            SELECT last_fix_time, cells, cell_traversals, cell_m, cell_s, cell_square FROM device_hours
            WHERE device_key = $1 AND hour = $2),
        stored AS (
            INSERT INTO device_hours (device_key, hour, positions, first_fix_time, last_fix_time, distance_m, moving_s,
                max_speed, south, north, west, east, cells, cell_traversals, cell_m, cell_s, cell_square)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
            ON CONFLICT (device_key, hour) DO UPDATE SET
                positions = excluded.positions, first_fix_time = excluded.first_fix_time,
                last_fix_time = excluded.last_fix_time, distance_m = excluded.distance_m, moving_s = excluded.moving_s,
                max_speed = excluded.max_speed, south = excluded.south, north = excluded.north, west = excluded.west,
                east = excluded.east, cells = excluded.cells, cell_traversals = excluded.cell_traversals,
                cell_m = excluded.cell_m, cell_s = excluded.cell_s, cell_square = excluded.cell_square
            WHERE device_hours.positions <= excluded.positions
            RETURNING device_key),
        due AS (
            INSERT INTO device_hours_due (device_key, hour)
            SELECT n.device_key, n.hour FROM device_hours n
            WHERE n.device_key = $1 AND n.hour = $2 + interval '1 hour'
                AND (SELECT last_fix_time FROM before) IS DISTINCT FROM $5
            ON CONFLICT DO NOTHING)
        SELECT b.cells, b.cell_traversals, b.cell_m, b.cell_s, b.cell_square FROM stored LEFT JOIN before b ON true
        """;

    // In the order of the key, so that two of these cannot wait for each other in a circle.
    private const string TripsDueSql = """
        INSERT INTO device_trips_due (device_key, from_hour, to_hour)
        SELECT device, min(hour), max(hour) FROM unnest($1, $2) AS summed (device, hour) GROUP BY device ORDER BY device
        ON CONFLICT (device_key) DO UPDATE SET
            from_hour = least(device_trips_due.from_hour, excluded.from_hour),
            to_hour = greatest(device_trips_due.to_hour, excluded.to_hour)
        """;

    /// <summary>Makes the next hour due for all devices that may have positions in it, if it is over.</summary>
    /// <param name="until">Hours that end later are left alone.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False when there is no such hour.</returns>
    public async Task<bool> SweepAsync(DateTimeOffset until, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var alone = new NpgsqlCommand(DueHoursCommand.LockAloneSql, connection))
        {
            await alone.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var command = new NpgsqlCommand(SweepSql, connection);
        AddTime(command.Parameters, until);
        var isSwept = (long)(await command.ExecuteScalarAsync(cancellationToken))! > 0;
        await transaction.CommitAsync(cancellationToken);
        return isSwept;
    }

    /// <summary>
    /// Sums up hours that are due, oldest first, and makes the trips of their devices due, in one transaction.
    /// </summary>
    /// <param name="until">Hours that end later are left alone.</param>
    /// <param name="limit">Most of them.</param>
    /// <param name="cancellationToken">Gives up; nothing is changed then.</param>
    /// <returns>How many were due.</returns>
    public async Task<int> SumUpAsync(DateTimeOffset until, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var due = await TakeAsync(connection, until, limit, cancellationToken);
        var summed = new List<(int Device, DateTimeOffset Hour)>(due.Count);
        var speeds = new SpeedChanges();
        foreach (var (device, hour) in due)
        {
            var cells = new CellSums();
            var summary = await ReadAsync(connection, device, hour, cells, cancellationToken);
            if (summary.Box is { } box)
            {
                await StoreAsync(connection, device, hour, summary, box, cells.Finish(), speeds, cancellationToken);
                summed.Add((device, hour));
            }
        }

        if (summed.Count > 0)
        {
            await speeds.StoreAsync(connection, cancellationToken);
            await MakeTripsDueAsync(connection, summed, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return due.Count;
    }

    private static async Task MakeTripsDueAsync(
        NpgsqlConnection connection, List<(int Device, DateTimeOffset Hour)> summed, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(TripsDueSql, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<List<int>> { TypedValue = summed.ConvertAll(s => s.Device) },
                new NpgsqlParameter<List<DateTime>> { TypedValue = summed.ConvertAll(s => s.Hour.UtcDateTime) },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<List<(int Device, DateTimeOffset Hour)>> TakeAsync(
        NpgsqlConnection connection, DateTimeOffset until, int limit, CancellationToken cancellationToken)
    {
        await using var take = new NpgsqlCommand(TakeSql, connection);
        AddTime(take.Parameters, until);
        take.Parameters.Add(new() { Value = limit });
        await using var reader = await take.ExecuteReaderAsync(cancellationToken);
        var due = new List<(int, DateTimeOffset)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            due.Add((reader.GetInt32(0), reader.GetFieldValue<DateTimeOffset>(1)));
        }

        due.Sort();
        return due;
    }

    private static async Task<RouteSummary> ReadAsync(
        NpgsqlConnection connection, int device, DateTimeOffset hour, CellSums cells, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        AddRange(batch, BeforeSql, device, hour - MaxGap, hour);
        AddRange(batch, HourSql, device, hour, hour.AddHours(1));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var summary = new RouteSummary(MaxGap);
        var legs = new LegBuilder();
        while (await reader.ReadAsync(cancellationToken))
        {
            var before = Position(reader);
            summary.ContinueFrom(before);
            legs.TryAdd(before, out _);
        }

        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var position = Position(reader);
            summary.Add(position);
            if (legs.TryAdd(position, out var leg))
            {
                cells.Add(leg);
            }
        }

        return summary;
    }

    private static async Task StoreAsync(
        NpgsqlConnection connection, int device, DateTimeOffset hour, RouteSummary summary, BoundingBox box,
        IReadOnlyDictionary<int, PaceSum> cells, SpeedChanges speeds, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(StoreSql, connection);
        command.Parameters.Add(new() { Value = device });
        AddTime(command.Parameters, hour);
        command.Parameters.Add(new() { Value = summary.Positions });
        AddTime(command.Parameters, summary.FirstFixTime!.Value);
        AddTime(command.Parameters, summary.LastFixTime!.Value);
        command.Parameters.Add(new() { Value = summary.Distance });
        command.Parameters.Add(new() { Value = summary.Moving.TotalSeconds });
        command.Parameters.Add(new NpgsqlParameter<float?> { TypedValue = summary.MaxSpeed });
        command.Parameters.Add(new() { Value = box.South });
        command.Parameters.Add(new() { Value = box.North });
        command.Parameters.Add(new() { Value = box.West });
        command.Parameters.Add(new() { Value = box.East });
        CellColumns.Add(command.Parameters, cells);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (await reader.ReadAsync(cancellationToken))
        {
            speeds.Replace(hour, CellColumns.Read(reader), cells);
        }
    }

    private static Position Position(NpgsqlDataReader reader) =>
        new(reader.GetDouble(0), reader.GetDouble(1), reader.GetFieldValue<DateTimeOffset>(2))
        {
            Speed = reader.IsDBNull(3) ? null : reader.GetFloat(3),
        };

    private static void AddRange(NpgsqlBatch batch, string sql, int device, DateTimeOffset from, DateTimeOffset to)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.Add(new() { Value = device });
        AddTime(command.Parameters, from);
        AddTime(command.Parameters, to);
        batch.BatchCommands.Add(command);
    }

    private static void AddTime(NpgsqlParameterCollection parameters, DateTimeOffset time) =>
        parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = time.UtcDateTime });
}
