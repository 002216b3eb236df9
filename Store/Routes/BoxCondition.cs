using Npgsql;

namespace ArtMqtt.Store.Routes;

/// <summary>A box in SQL: the parameters $2 to $5 are west, south, east and north.</summary>
internal static class BoxCondition
{
    /// <summary>Whether the columns lat and lng are in the box.</summary>
    public const string OfPlace = """
        (lat BETWEEN $3 AND $5 AND CASE WHEN $2 <= $4 THEN lng BETWEEN $2 AND $4 ELSE lng >= $2 OR lng <= $4 END)
        """;

    /// <summary>Adds the parameters, which must come second.</summary>
    public static void AddBox(this NpgsqlCommand command, BoundingBox box) => command.Parameters.AddRange(
        new NpgsqlParameter[]
        {
            new() { Value = box.West }, new() { Value = box.South }, new() { Value = box.East },
            new() { Value = box.North },
        });
}
