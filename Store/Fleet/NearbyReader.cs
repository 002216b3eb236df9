using Npgsql;

namespace ArtMqtt.Store.Fleet;

/// <summary>Finds the devices of a firm that are nearest to a place.</summary>
public sealed class NearbyReader(NpgsqlDataSource dataSource)
{
    // Role 2 is a customer's phone. The straight distance is that on a sphere (haversine): it only chooses whom to ask for a way.
    private const string Sql = """
        WITH busy AS (
            SELECT DISTINCT ON (device_key) device_key, request_id FROM service_requests
            WHERE status NOT IN ('completed', 'cancelled') AND device_key IS NOT NULL
            ORDER BY device_key, assigned_at DESC NULLS LAST)
        SELECT d.device_id, d.name, l.lat, l.lng, l.fix_time, b.request_id
        FROM device_latest l JOIN devices d USING (device_key) LEFT JOIN busy b USING (device_key)
        WHERE d.is_enabled AND d.tenant = $3 AND l.role <> 2 AND l.fix_time >= $4 AND ($5 OR b.request_id IS NULL)
        ORDER BY power(sin(radians(l.lat - $1) / 2), 2)
            + cos(radians(l.lat)) * cos(radians($1)) * power(sin(radians(l.lng - $2) / 2), 2)
        LIMIT $6
        """;

    /// <summary>The nearest devices in a straight line, nearest first.</summary>
    /// <param name="lat">Degrees north of the place.</param>
    /// <param name="lng">Degrees east of the place.</param>
    /// <param name="tenant">Whose devices; empty for nobody's.</param>
    /// <param name="seenSince">Only those whose newest position is of this time or later, UTC.</param>
    /// <param name="withBusy">Also those that are assigned to a running request.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<NearbyDevice>> FindAsync(
        double lat, double lng, string tenant, DateTimeOffset seenSince, bool withBusy, int limit,
        CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(Sql);
        foreach (var value in new object[] { lat, lng, tenant, seenSince.UtcDateTime, withBusy, limit })
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var devices = new List<NearbyDevice>();
        while (await reader.ReadAsync(cancellationToken))
        {
            devices.Add(new NearbyDevice(
                reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetDouble(2), reader.GetDouble(3),
                reader.GetFieldValue<DateTimeOffset>(4), reader.IsDBNull(5) ? null : reader.GetGuid(5)));
        }

        return devices;
    }
}
