using ArtMqtt.Contracts.Positions;
using Npgsql;

namespace ArtMqtt.Store.Positions;

/// <summary>
/// Which hours have to be summed up again because a position came when they were over, by our clock or by
/// <c>device_hours_swept</c>: the clock of this or another node may have been wrong. Hours that are not over are summed
/// up later, all at once.
/// </summary>
internal static class DueHoursCommand
{
    /// <summary>
    /// Held until the end of the transaction, from before it is asked how far hours were swept: no sweep goes over an hour
    /// while positions of it are on their way, or neither would make it due. The sweep takes it alone.
    /// </summary>
    public const string LockSql = "SELECT pg_advisory_xact_lock_shared(4705122847103)";

    /// <summary>The same lock, for the sweep.</summary>
    public const string LockAloneSql = "SELECT pg_advisory_xact_lock(4705122847103)";

    private const string Sql = """
        INSERT INTO device_hours_due (device_key, hour)
        SELECT u.device_key, u.hour FROM unnest($1, $2) AS u (device_key, hour)
        WHERE u.hour < $3 OR u.hour < (SELECT through FROM device_hours_swept)
        ON CONFLICT DO NOTHING
        """;

    /// <summary>The command for sorted rows, or null when none is a device's.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="now">Our clock, UTC.</param>
    public static NpgsqlBatchCommand? For(PositionSlice rows, DateTimeOffset now)
    {
        var devices = new List<int>();
        var hours = new List<DateTime>();
        for (var i = 0; i < rows.Count; i++)
        {
            ref readonly var row = ref rows[i];
            var hour = HourOf(row.Position.FixTime.UtcTicks);
            if (row.Source.Role == PositionRole.Customer
                || (devices.Count > 0 && devices[^1] == row.Source.DeviceKey && hours[^1].Ticks == hour))
            {
                continue;
            }

            devices.Add(row.Source.DeviceKey);
            hours.Add(new DateTime(hour, DateTimeKind.Utc));
        }

        return devices.Count == 0 ? null : new NpgsqlBatchCommand(Sql)
        {
            Parameters =
            {
                new NpgsqlParameter<List<int>> { TypedValue = devices },
                new NpgsqlParameter<List<DateTime>> { TypedValue = hours },
                new NpgsqlParameter<DateTime> { TypedValue = new DateTime(HourOf(now.UtcTicks), DateTimeKind.Utc) },
            },
        };
    }

    private static long HourOf(long ticks) => ticks - (ticks % TimeSpan.TicksPerHour);
}
