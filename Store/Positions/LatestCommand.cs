using System.Runtime.InteropServices;
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
        if (newest.Length == 0)
        {
            return null;
        }

        var command = new NpgsqlBatchCommand(Sql);
        Add(command, rows, newest, (in row) => row.Source.DeviceKey);
        Add(command, rows, newest, (in row) => row.Position.FixTime.UtcDateTime);
        Add(command, rows, newest, (in row) => row.Source.ReceivedAt.UtcDateTime);
        Add(command, rows, newest, (in row) => row.Source.RequestId);
        Add(command, rows, newest, (in row) => (short)row.Source.Role);
        Add(command, rows, newest, (in row) => row.Position.Latitude);
        Add(command, rows, newest, (in row) => row.Position.Longitude);
        Add(command, rows, newest, (in row) => row.Position.Speed);
        Add(command, rows, newest, (in row) => row.Position.Heading);
        Add(command, rows, newest, (in row) => row.Position.Accuracy);
        Add(command, rows, newest, (in row) => row.Position.Altitude);
        Add(command, rows, newest, (in row) => (short?)row.Position.Battery);
        Add(command, rows, newest, (in row) => (long?)row.Position.Sequence);
        return command;
    }

    private delegate T Column<out T>(in PositionRow row);

    // The last row of each device.
    private static ReadOnlySpan<int> Newest(PositionSlice rows)
    {
        var newest = new List<int>();
        for (var i = 0; i < rows.Count; i++)
        {
            ref readonly var row = ref rows[i];
            var isLast = i + 1 == rows.Count || rows[i + 1].Source.DeviceKey != row.Source.DeviceKey;
            if (isLast && row.Source.Role != PositionRole.Customer)
            {
                newest.Add(i);
            }
        }

        return CollectionsMarshal.AsSpan(newest);
    }

    private static void Add<T>(
        NpgsqlBatchCommand command, PositionSlice rows, ReadOnlySpan<int> newest, Column<T> column)
    {
        var values = new T[newest.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = column(rows[newest[i]]);
        }

        command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = values });
    }
}
