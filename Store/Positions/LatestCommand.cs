using ArtMqtt.Contracts.Positions;
using Npgsql;

namespace ArtMqtt.Store.Positions;

/// <summary>Where each device is now. An older position never takes the place of a newer one.</summary>
internal static class LatestCommand
{
    // In the order of the key, so that two writers never wait for each other in a circle.
    private const string Sql = $"""
        INSERT INTO device_latest ({PositionRowEncoder.Columns})
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        ON CONFLICT (device_key) DO UPDATE SET
            fix_time = excluded.fix_time, received_at = excluded.received_at, request_id = excluded.request_id,
            role = excluded.role, lat = excluded.lat, lng = excluded.lng, speed = excluded.speed,
            heading = excluded.heading, accuracy = excluded.accuracy, altitude = excluded.altitude,
            battery = excluded.battery, seq = excluded.seq
        WHERE device_latest.fix_time < excluded.fix_time
        """;

    /// <summary>The command for the devices among sorted rows, or null when there is none: customers are no devices.</summary>
    public static NpgsqlBatchCommand? For(PositionSlice rows)
    {
        var newest = Newest(rows);
        if (newest.Count == 0)
        {
            return null;
        }

        var command = new NpgsqlBatchCommand(Sql);
        Add(command, newest, row => row.Source.DeviceKey);
        Add(command, newest, row => row.Position.FixTime.UtcDateTime);
        Add(command, newest, row => row.Source.ReceivedAt.UtcDateTime);
        Add(command, newest, row => row.Source.RequestId);
        Add(command, newest, row => (short)row.Source.Role);
        Add(command, newest, row => row.Position.Latitude);
        Add(command, newest, row => row.Position.Longitude);
        Add(command, newest, row => row.Position.Speed);
        Add(command, newest, row => row.Position.Heading);
        Add(command, newest, row => row.Position.Accuracy);
        Add(command, newest, row => row.Position.Altitude);
        Add(command, newest, row => (short?)row.Position.Battery);
        Add(command, newest, row => (long?)row.Position.Sequence);
        return command;
    }

    // The last row of each device.
    private static List<PositionRow> Newest(PositionSlice rows)
    {
        var newest = new List<PositionRow>();
        for (var i = 0; i < rows.Count; i++)
        {
            ref readonly var row = ref rows[i];
            var isLast = i + 1 == rows.Count || rows[i + 1].Source.DeviceKey != row.Source.DeviceKey;
            if (isLast && row.Source.Role != PositionRole.Customer)
            {
                newest.Add(row);
            }
        }

        return newest;
    }

    private static void Add<T>(NpgsqlBatchCommand command, List<PositionRow> rows, Func<PositionRow, T> column)
    {
        var values = new T[rows.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = column(rows[i]);
        }

        command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = values });
    }
}
