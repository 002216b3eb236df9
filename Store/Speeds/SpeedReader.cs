using ArtMqtt.Store.Trips;
using Npgsql;

namespace ArtMqtt.Store.Speeds;

/// <summary>Reads what the fleet has learned from its drives.</summary>
public sealed class SpeedReader(NpgsqlDataSource dataSource)
{
    // At most 64 cells of 168 hours each: one range of the key a block.
    private const string BlocksSql = """
        SELECT s.cell, s.hour_of_week = $2, sum(s.traversals), sum(s.distance_m), sum(s.seconds), sum(s.square)
        FROM unnest($1) AS first (cell) JOIN speed_cells s ON s.cell >= first.cell AND s.cell < first.cell + $3
        WHERE s.traversals > 0
        GROUP BY 1, 2
        """;

    // The newest trips: so many are enough, and what they cost does not grow.
    private const string TripsSql = """
        WITH newest AS (
            SELECT distance_m, extract(epoch FROM end_time - start_time)::double precision AS seconds,
                2 * 6371008.8 * asin(least(1, sqrt(
                    sin(radians(end_lat - start_lat) / 2) ^ 2
                    + cos(radians(start_lat)) * cos(radians(end_lat)) * sin(radians(end_lng - start_lng) / 2) ^ 2))) AS straight_m
            FROM device_trips WHERE start_time < $2 AND day IS NOT NULL ORDER BY start_time DESC LIMIT 20000),
        ways AS (
            SELECT width_bucket(straight_m, $1) AS class, greatest(1, distance_m / straight_m) AS detour, seconds / distance_m AS pace
            FROM newest WHERE straight_m >= 300 AND distance_m <= $3 * straight_m AND seconds > 0)
        SELECT class, count(*), percentile_cont(ARRAY[0.1, 0.5, 0.9]) WITHIN GROUP (ORDER BY detour),
            percentile_cont(0.5) WITHIN GROUP (ORDER BY pace)
        FROM ways GROUP BY class
        """;

    /// <summary>The cells of blocks, summed up over all hours of the week, and in one of them.</summary>
    /// <param name="blocks">The blocks (<see cref="SpeedGrid"/>).</param>
    /// <param name="hourOfWeek">The hour.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>By block; without those where nobody has driven.</returns>
    public async Task<IReadOnlyDictionary<int, BlockSpeeds>> ReadBlocksAsync(
        IEnumerable<int> blocks, int hourOfWeek, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(BlocksSql);
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. blocks.Select(SpeedGrid.FirstCellOf)] });
        command.Parameters.Add(new() { Value = (short)hourOfWeek });
        command.Parameters.Add(new() { Value = SpeedGrid.CellsPerBlock });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new Dictionary<int, BlockSpeeds>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var cell = reader.GetInt32(0);
            var block = SpeedGrid.BlockOf(cell);
            if (!found.TryGetValue(block, out var speeds))
            {
                found.Add(block, speeds = new BlockSpeeds());
            }

            speeds.Add(
                cell, isThisHour: reader.GetBoolean(1),
                new PaceSum((int)reader.GetInt64(2), reader.GetDouble(3), reader.GetDouble(4), reader.GetDouble(5)));
        }

        return found;
    }

    /// <summary>What the newest trips were like, by how far apart their ends are.</summary>
    /// <param name="now">Trips that start later are a wrong clock's.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<TripWays> ReadTripsAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(TripsSql);
        command.Parameters.Add(new() { Value = TripWays.ClassBounds.ToArray() });
        command.Parameters.AddTime(now);
        command.Parameters.Add(new() { Value = TripWays.MaxDetour });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var classes = new Dictionary<int, TripClass>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var detours = reader.GetFieldValue<double[]>(2);
            classes[reader.GetInt32(0)] = new TripClass(
                (int)reader.GetInt64(1), detours[0], detours[1], detours[2], reader.GetDouble(3));
        }

        return new TripWays(classes);
    }
}
