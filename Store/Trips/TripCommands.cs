using ArtMqtt.Store.Routes;
using Npgsql;

namespace ArtMqtt.Store.Trips;

/// <summary>Writes trips and stops, and what was known at the end of a day.</summary>
internal static class TripCommands
{
    private const string StateSql = """
        INSERT INTO device_trip_states (device_key, day, through, positions, state) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (device_key, day) DO UPDATE SET
            through = excluded.through, positions = excluded.positions, state = excluded.state
        """;

    private const string RemoveTripsSql = "DELETE FROM device_trips WHERE device_key = $1 AND day = $2";
    private const string RemoveStopsSql = "DELETE FROM device_stops WHERE device_key = $1 AND day = $2";
    private const string RemoveOpenTripSql = "DELETE FROM device_trips WHERE device_key = $1 AND day IS NULL";
    private const string RemoveOpenStopSql = "DELETE FROM device_stops WHERE device_key = $1 AND day IS NULL";

    // A part that another day had, or that was open, and now ends on this day.
    private const string TripSql = """
        INSERT INTO device_trips (device_key, day, start_time, end_time, start_lat, start_lng, end_lat, end_lng,
            distance_m, moving_s, max_speed, request_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,
            (SELECT request_id FROM positions WHERE device_key = $1 AND fix_time = $4))
        ON CONFLICT (device_key, start_time) DO UPDATE SET
            day = excluded.day, end_time = excluded.end_time, start_lat = excluded.start_lat,
            start_lng = excluded.start_lng, end_lat = excluded.end_lat, end_lng = excluded.end_lng,
            distance_m = excluded.distance_m, moving_s = excluded.moving_s, max_speed = excluded.max_speed,
            request_id = excluded.request_id
        """;

    private const string StopSql = """
        INSERT INTO device_stops (device_key, day, start_time, end_time, lat, lng, request_id)
        VALUES ($1, $2, $3, $4, $5, $6, (SELECT request_id FROM positions WHERE device_key = $1 AND fix_time = $3))
        ON CONFLICT (device_key, start_time) DO UPDATE SET
            day = excluded.day, end_time = excluded.end_time, lat = excluded.lat, lng = excluded.lng,
            request_id = excluded.request_id
        """;

    /// <summary>Stores what ended on a day: beside what is there, or instead of it.</summary>
    public static async Task StoreAsync(
        NpgsqlConnection connection, int device, DateTimeOffset day, TripState state, bool isInstead,
        IEnumerable<RoutePart> parts, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (isInstead)
        {
            batch.BatchCommands.Add(Command(RemoveTripsSql, device, day));
            batch.BatchCommands.Add(Command(RemoveStopsSql, device, day));
        }

        var store = Command(StateSql, device, day);
        store.Parameters.AddTime(state.Through);
        store.Parameters.Add(new() { Value = state.Positions });
        store.Parameters.Add(new() { Value = state.State });
        batch.BatchCommands.Add(store);
        Add(batch, device, day, parts);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Stores what goes on at the end of a route.</summary>
    public static async Task StoreOpenAsync(
        NpgsqlConnection connection, int device, IEnumerable<RoutePart> parts, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { Command(RemoveOpenTripSql, device), Command(RemoveOpenStopSql, device) },
        };
        Add(batch, device, null, parts);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static void Add(NpgsqlBatch batch, int device, DateTimeOffset? day, IEnumerable<RoutePart> parts)
    {
        foreach (var part in parts)
        {
            var command = Command(part is RouteTrip ? TripSql : StopSql, device);
            command.Parameters.Add(new NpgsqlParameter<DateTime?> { TypedValue = day?.UtcDateTime });
            command.Parameters.AddTime(part.From);
            command.Parameters.AddTime(part.To);
            if (part is RouteStop stop)
            {
                AddNumbers(command, stop.Latitude, stop.Longitude);
            }
            else if (part is RouteTrip trip)
            {
                AddNumbers(
                    command, trip.Start.Latitude, trip.Start.Longitude, trip.End.Latitude, trip.End.Longitude,
                    trip.Distance, trip.Moving.TotalSeconds);
                command.Parameters.Add(new NpgsqlParameter<float?> { TypedValue = trip.MaxSpeed });
            }

            batch.BatchCommands.Add(command);
        }
    }

    private static NpgsqlBatchCommand Command(string sql, int device, DateTimeOffset day)
    {
        var command = Command(sql, device);
        command.Parameters.AddTime(day);
        return command;
    }

    private static NpgsqlBatchCommand Command(string sql, int device) =>
        new(sql) { Parameters = { new() { Value = device } } };

    private static void AddNumbers(NpgsqlBatchCommand command, params ReadOnlySpan<double> numbers)
    {
        foreach (var number in numbers)
        {
            command.Parameters.Add(new NpgsqlParameter<double> { TypedValue = number });
        }
    }
}
