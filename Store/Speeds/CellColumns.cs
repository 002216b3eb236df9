using Npgsql;

namespace ArtMqtt.Store.Speeds;

/// <summary>The sums of one device and hour by cell, as columns of <c>device_hours</c>: arrays of the same length.</summary>
internal static class CellColumns
{
    /// <summary>Adds the five parameters; nulls when the device did not move.</summary>
    public static void Add(NpgsqlParameterCollection parameters, IReadOnlyDictionary<int, PaceSum> cells)
    {
        AddArray(parameters, cells, cell => cell.Key);
        AddArray(parameters, cells, cell => (short)cell.Value.Traversals);
        AddArray(parameters, cells, cell => (float)cell.Value.Distance);
        AddArray(parameters, cells, cell => (float)cell.Value.Seconds);
        AddArray(parameters, cells, cell => (float)cell.Value.Square);
    }

    /// <summary>Reads them from the first five columns; empty when there are none.</summary>
    public static IEnumerable<KeyValuePair<int, PaceSum>> Read(NpgsqlDataReader reader)
    {
        if (reader.IsDBNull(0))
        {
            return [];
        }

        var cells = reader.GetFieldValue<int[]>(0);
        var traversals = reader.GetFieldValue<short[]>(1);
        var (distances, seconds, squares) = (
            reader.GetFieldValue<float[]>(2), reader.GetFieldValue<float[]>(3), reader.GetFieldValue<float[]>(4));
        return cells.Select((cell, i) => KeyValuePair.Create(
            cell, new PaceSum(traversals[i], distances[i], seconds[i], squares[i])));
    }

    private static void AddArray<T>(
        NpgsqlParameterCollection parameters, IReadOnlyDictionary<int, PaceSum> cells,
        Func<KeyValuePair<int, PaceSum>, T> column) =>
        parameters.Add(new NpgsqlParameter<T[]?> { TypedValue = cells.Count == 0 ? null : [.. cells.Select(column)] });
}
