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

    /// <summary>The command for the devices among sorted rows, or null when there is none.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="columns">Memory for them; the command is valid until it is used again.</param>
    public static NpgsqlBatchCommand? For(PositionSlice rows, LatestColumns columns)
    {
        columns.Fill(rows);
        if (columns.Count == 0)
        {
            return null;
        }

        var command = new NpgsqlBatchCommand(Sql);
        columns.AddTo(command.Parameters);
        return command;
    }
}
