using ArtMqtt.Contracts.Positions;
using Npgsql;
using NpgsqlTypes;

namespace ArtMqtt.Store.Routes;

/// <summary>A row of <c>positions</c> as it is read everywhere.</summary>
internal static class RouteRow
{
    public const string Columns =
        "lat, lng, fix_time, speed, heading, accuracy, altitude, battery, seq, received_at, role, device_key";

    /// <summary>Reads the columns, which stand from <paramref name="first"/> on.</summary>
    public static RoutePoint Read(NpgsqlDataReader reader, int first = 0)
    {
        var position = new Position(
            reader.GetDouble(first), reader.GetDouble(first + 1), reader.GetFieldValue<DateTimeOffset>(first + 2))
        {
            Speed = Single(reader, first + 3),
            Heading = Single(reader, first + 4),
            Accuracy = Single(reader, first + 5),
            Altitude = Single(reader, first + 6),
            Battery = reader.IsDBNull(first + 7) ? null : (byte)reader.GetInt16(first + 7),
            Sequence = reader.IsDBNull(first + 8) ? null : (uint)reader.GetInt64(first + 8),
        };
        return new RoutePoint(
            position, reader.GetFieldValue<DateTimeOffset>(first + 9), (PositionRole)reader.GetInt16(first + 10))
        {
            DeviceKey = reader.GetInt32(first + 11),
        };
    }

    /// <summary>Adds a parameter; the ends of .NET's calendar are sent as -infinity and infinity.</summary>
    public static void AddTime(this NpgsqlCommand command, DateTimeOffset time) => command.Parameters.Add(
        new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.TimestampTz, Value = time.UtcDateTime });

    private static float? Single(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFloat(column);
}
