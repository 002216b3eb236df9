using DuckDB.NET.Data;

namespace ArtMqtt.WebGateway.Tests;

/// <summary>Reads files with DuckDB.</summary>
internal static class DuckDb
{
    /// <summary>The rows of a query; null where there is nothing. Times are UTC.</summary>
    public static List<object?[]> Read(string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var zone = connection.CreateCommand();
        zone.CommandText = "SET TimeZone = 'UTC'";
        zone.ExecuteNonQuery();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
        {
            var row = new object?[reader.FieldCount];
            for (var column = 0; column < row.Length; column++)
            {
                row[column] = reader.IsDBNull(column) ? null : reader.GetValue(column);
            }

            rows.Add(row);
        }

        return rows;
    }

    /// <summary>The one value of a query.</summary>
    public static T ReadOne<T>(string sql) => (T)Assert.Single(Assert.Single(Read(sql)))!;
}
