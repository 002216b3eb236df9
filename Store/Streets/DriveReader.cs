using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Trips;
using Npgsql;

namespace ArtMqtt.Store.Streets;

/// <summary>Reads where the fleet has driven lately.</summary>
public sealed class DriveReader(NpgsqlDataSource dataSource)
{
    // Metres; a receiver that is less sure of itself does not know on which street it is.
    private const float MaxAccuracy = 30;

    // A trip of days is a device that never stands; its beginning is as good as all of it.
    private const int MaxPositions = 20_000;

    private const string DrivesSql = """
        SELECT device_key, start_time, end_time FROM device_trips
        WHERE start_time >= $1 AND start_time < $2 ORDER BY start_time DESC LIMIT $3
        """;

    private const string PositionsSql = """
        SELECT lat, lng, fix_time FROM positions
        WHERE device_key = $1 AND fix_time >= $2 AND fix_time <= $3 AND role <> $4 AND (accuracy IS NULL OR accuracy <= $5)
        ORDER BY fix_time LIMIT $6
        """;

    /// <summary>The newest trips, the newest first.</summary>
    /// <param name="from">The earliest start.</param>
    /// <param name="now">Trips that start later are a wrong clock's.</param>
    /// <param name="max">How many at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<Drive>> FindAsync(
        DateTimeOffset from, DateTimeOffset now, int max, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(DrivesSql);
        command.Parameters.AddTime(from);
        command.Parameters.AddTime(now);
        command.Parameters.Add(new() { Value = max });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var drives = new List<Drive>();
        while (await reader.ReadAsync(cancellationToken))
        {
            drives.Add(new Drive(
                reader.GetInt32(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetFieldValue<DateTimeOffset>(2)));
        }

        return drives;
    }

    /// <summary>The places of a drive that are exact enough, oldest first; never those of customers.</summary>
    public async Task<IReadOnlyList<Position>> ReadAsync(Drive drive, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(PositionsSql);
        command.Parameters.Add(new() { Value = drive.DeviceKey });
        command.Parameters.AddTime(drive.Start);
        command.Parameters.AddTime(drive.End);
        command.Parameters.Add(new() { Value = (short)PositionRole.Customer });
        command.Parameters.Add(new() { Value = MaxAccuracy });
        command.Parameters.Add(new() { Value = MaxPositions });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var positions = new List<Position>();
        while (await reader.ReadAsync(cancellationToken))
        {
            positions.Add(new Position(
                reader.GetDouble(0), reader.GetDouble(1), reader.GetFieldValue<DateTimeOffset>(2)));
        }

        return positions;
    }
}
