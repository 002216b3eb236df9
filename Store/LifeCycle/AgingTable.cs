namespace ArtMqtt.Store.LifeCycle;

/// <summary>A hypertable whose rows belong to devices and grow old.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DropSql">Drops the chunks that end before $1 and says how many they were.</param>
/// <param name="DeleteSql">Deletes the rows of the devices $1 from $2 to below $3.</param>
internal sealed record AgingTable(string Name, string DropSql, string DeleteSql)
{
    /// <summary>Positions; those of customers are not of a device.</summary>
    public static readonly AgingTable Positions = new(
        "positions", "SELECT count(*) FROM drop_chunks('positions', older_than => $1)",
        "DELETE FROM positions WHERE device_key = ANY($1) AND fix_time >= $2 AND fix_time < $3");

    /// <summary>What was summed up by the hour.</summary>
    public static readonly AgingTable Hours = new(
        "device_hours", "SELECT count(*) FROM drop_chunks('device_hours', older_than => $1)",
        "DELETE FROM device_hours WHERE device_key = ANY($1) AND hour >= $2 AND hour < $3");
}
