using Npgsql;

namespace ArtMqtt.Store.Speeds;

/// <summary>What hours that were summed up, or summed up again, change in <c>speed_cells</c>; stored in one statement.</summary>
internal sealed class SpeedChanges
{
    // In the order of the key, so that two of these cannot wait for each other in a circle.
    private const string Sql = """
        INSERT INTO speed_cells AS s (cell, hour_of_week, traversals, distance_m, seconds, square)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6) AS c (cell, hour_of_week, traversals, distance_m, seconds, square)
        ORDER BY cell, hour_of_week
        ON CONFLICT (cell, hour_of_week) DO UPDATE SET
            traversals = s.traversals + excluded.traversals, distance_m = s.distance_m + excluded.distance_m,
            seconds = s.seconds + excluded.seconds, square = s.square + excluded.square
        """;

    private readonly Dictionary<(int Cell, short Hour), PaceSum> _changes = [];

    /// <summary>Takes away what an hour of a device has said before, and adds what it says now.</summary>
    public void Replace(
        DateTimeOffset hour, IEnumerable<KeyValuePair<int, PaceSum>> before, IEnumerable<KeyValuePair<int, PaceSum>> now)
    {
        var hourOfWeek = (short)SpeedGrid.HourOfWeek(hour);
        foreach (var (cell, sum) in before)
        {
            _changes[(cell, hourOfWeek)] = _changes.GetValueOrDefault((cell, hourOfWeek)) - sum;
        }

        foreach (var (cell, sum) in now)
        {
            _changes[(cell, hourOfWeek)] = _changes.GetValueOrDefault((cell, hourOfWeek)) + sum;
        }
    }

    /// <summary>Stores them.</summary>
    public async Task StoreAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var changes = _changes.Where(change => change.Value != default).ToList();
        if (changes.Count == 0)
        {
            return;
        }

        await using var command = new NpgsqlCommand(Sql, connection)
        {
            Parameters =
            {
                Array(changes, c => c.Key.Cell),
                Array(changes, c => c.Key.Hour),
                Array(changes, c => c.Value.Traversals),
                Array(changes, c => c.Value.Distance),
                Array(changes, c => c.Value.Seconds),
                Array(changes, c => c.Value.Square),
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlParameter<T[]> Array<T>(
        List<KeyValuePair<(int Cell, short Hour), PaceSum>> changes,
        Func<KeyValuePair<(int Cell, short Hour), PaceSum>, T> column) => new() { TypedValue = [.. changes.Select(column)] };
}
