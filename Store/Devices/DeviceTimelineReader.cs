using ArtMqtt.Contracts.Security;
using Npgsql;

namespace ArtMqtt.Store.Devices;

/// <summary>Reads what happened to a device in a period.</summary>
public sealed class DeviceTimelineReader(NpgsqlDataSource dataSource)
{
    /// <summary>Into how many parts a period is cut.</summary>
    public const int Parts = 96;

    private const string EntriesSql = """
        SELECT at, kind, reason, concat_ws(', ', nullif(client_id, ''), CASE WHEN $6 THEN nullif(address, '') END,
            nullif(protocol, ''), nullif(agent, ''))
        FROM device_events JOIN devices d USING (device_key)
        WHERE d.device_id = $1 AND ($5::text IS NULL OR d.tenant = $5) AND at >= $2 AND at < $3
        UNION ALL
        SELECT l.at, 'dead_letter', l.code, l.detail FROM dead_letters l JOIN devices d USING (device_id)
        WHERE l.device_id = $1 AND ($5::text IS NULL OR d.tenant = $5) AND l.at >= $2 AND l.at < $3
        ORDER BY 1 DESC LIMIT $4
        """;

    private const string PartsSql = """
        SELECT time_bucket($4, p.fix_time, $2), count(*), max(p.speed)::double precision, min(p.battery)::integer,
            extract(epoch FROM max(p.received_at - p.fix_time))::double precision
        FROM positions p JOIN devices d USING (device_key)
        WHERE d.device_id = $1 AND ($5::text IS NULL OR d.tenant = $5) AND p.fix_time >= $2 AND p.fix_time < $3
        GROUP BY 1 ORDER BY 1
        """;

    /// <summary>What happened, newest first.</summary>
    /// <param name="scope">Whose.</param>
    /// <param name="deviceId">The device.</param>
    /// <param name="from">Not before.</param>
    /// <param name="to">Before.</param>
    /// <param name="limit">Most of them.</param>
    /// <param name="withAddress">Whether the IP addresses are told.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<TimelineEntry>> ReadEntriesAsync(
        TenantScope scope, string deviceId, DateTimeOffset from, DateTimeOffset to, int limit, bool withAddress,
        CancellationToken cancellationToken)
    {
        await using var command = Command(EntriesSql, deviceId, from, to, limit, scope);
        command.Parameters.Add(new() { Value = withAddress });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var entries = new List<TimelineEntry>();
        while (await reader.ReadAsync(cancellationToken))
        {
            entries.Add(new TimelineEntry(
                reader.GetFieldValue<DateTimeOffset>(0), reader.GetString(1), reader.GetString(2), reader.GetString(3)));
        }

        return entries;
    }

    /// <summary>What it reported, in <see cref="Parts"/> parts of the period; those without positions are left out.</summary>
    public async Task<IReadOnlyList<TimelinePart>> ReadPartsAsync(
        TenantScope scope, string deviceId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        await using var command = Command(PartsSql, deviceId, from, to, (to - from) / Parts, scope);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var parts = new List<TimelinePart>();
        while (await reader.ReadAsync(cancellationToken))
        {
            parts.Add(new TimelinePart(
                reader.GetFieldValue<DateTimeOffset>(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetDouble(2),
                reader.IsDBNull(3) ? null : reader.GetInt32(3), reader.GetDouble(4)));
        }

        return parts;
    }

    private NpgsqlCommand Command(
        string sql, string deviceId, DateTimeOffset from, DateTimeOffset to, object fourth, TenantScope scope)
    {
        var command = dataSource.CreateCommand(sql);
        command.Parameters.Add(new() { Value = deviceId });
        command.Parameters.Add(new() { Value = from.UtcDateTime });
        command.Parameters.Add(new() { Value = to.UtcDateTime });
        command.Parameters.Add(new() { Value = fourth });
        command.AddTenant(scope);
        return command;
    }
}
