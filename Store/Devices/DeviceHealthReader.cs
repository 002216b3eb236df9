using ArtMqtt.Contracts.Security;
using Npgsql;
using NpgsqlTypes;

namespace ArtMqtt.Store.Devices;

/// <summary>Reads how devices are doing, for those who look after them. Positions are counted for one page only.</summary>
public sealed class DeviceHealthReader(NpgsqlDataSource dataSource, TimeProvider time)
{
    /// <summary>Over what time positions are counted: 5 minutes.</summary>
    public static readonly TimeSpan RecentTime = TimeSpan.FromMinutes(5);

    /// <summary>After what time without a position a device counts as silent: 15 minutes.</summary>
    public static readonly TimeSpan SilentTime = TimeSpan.FromMinutes(15);

    /// <summary>Below what charge, in percent, a battery counts as low: 20.</summary>
    public const int LowBattery = 20;

    private const string IsSilent = "d.is_enabled AND (l.received_at IS NULL OR l.received_at < $2)";
    private const string IsLow = "l.battery < $3";

    private const string From = """
        FROM devices d LEFT JOIN device_states s USING (device_key) LEFT JOIN device_latest l USING (device_key)
        WHERE ($1::text IS NULL OR d.tenant = $1)
        """;

    private const string CountSql = $"""
        SELECT count(*), count(*) FILTER (WHERE s.is_online), count(*) FILTER (WHERE {IsSilent}),
            count(*) FILTER (WHERE NOT d.is_enabled), count(*) FILTER (WHERE {IsLow})
        {From}
        """;

    // $4 now, $5 since when positions are counted.
    private const string Selected = $"""
        SELECT page.*, (
            SELECT count(*) FROM positions p
            WHERE p.device_key = page.device_key AND p.fix_time > $5 AND p.fix_time <= $4)
        FROM (
            SELECT {DeviceRow.Columns}, s.is_online, s.since, s.client_id, s.address, s.protocol, s.agent,
                l.fix_time, l.received_at, l.lat, l.lng, l.speed, l.battery
            {From}
        """;

    private const string ListSql = $"""
        {Selected}
                AND d.device_id > $6 AND ($7::text IS NULL OR d.device_id LIKE $7 OR lower(d.name) LIKE $7)
                AND CASE $8 WHEN 'Online' THEN coalesce(s.is_online, false) WHEN 'Silent' THEN {IsSilent}
                    WHEN 'Disabled' THEN NOT d.is_enabled WHEN 'LowBattery' THEN coalesce({IsLow}, false) ELSE true END
            ORDER BY d.device_id LIMIT $9) page
        ORDER BY page.device_id
        """;

    private const string OneSql = $"{Selected} AND d.device_id = $6) page";

    /// <summary>How many devices are in which condition.</summary>
    public async Task<DeviceCounts> CountAsync(TenantScope scope, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(CountSql);
        AddScope(command, scope, time.GetUtcNow());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new DeviceCounts(
            reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4));
    }

    /// <summary>Devices in the order of their ids.</summary>
    /// <param name="scope">Whose.</param>
    /// <param name="condition">Which.</param>
    /// <param name="search">Part of their id or name, in any case; null for all.</param>
    /// <param name="after">Those behind this id; empty begins.</param>
    /// <param name="limit">Most of them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<DeviceHealth>> ListAsync(
        TenantScope scope, DeviceCondition condition, string? search, string after, int limit,
        CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(ListSql);
        AddPeriod(command, scope);
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new()
        {
            NpgsqlDbType = NpgsqlDbType.Text,
            Value = search is null ? DBNull.Value : $"%{Escape(search.ToLowerInvariant())}%",
        });
        command.Parameters.Add(new() { Value = condition.ToString() });
        command.Parameters.Add(new() { Value = limit });
        return await ReadAsync(command, cancellationToken);
    }

    /// <summary>One device, or null.</summary>
    public async Task<DeviceHealth?> FindAsync(TenantScope scope, string deviceId, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(OneSql);
        AddPeriod(command, scope);
        command.Parameters.Add(new() { Value = deviceId });
        return (await ReadAsync(command, cancellationToken)).SingleOrDefault();
    }

    private static async Task<List<DeviceHealth>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        const int State = 12;
        const int Last = State + 6;
        var found = new List<DeviceHealth>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(new DeviceHealth(
                DeviceRow.Read(reader).Record,
                reader.IsDBNull(State) ? null : new DevicePresenceState(
                    reader.GetBoolean(State), reader.GetFieldValue<DateTimeOffset>(State + 1), reader.GetString(State + 2),
                    reader.GetString(State + 3), reader.GetString(State + 4), reader.GetString(State + 5)),
                reader.IsDBNull(Last) ? null : new LastReport(
                    reader.GetFieldValue<DateTimeOffset>(Last), reader.GetFieldValue<DateTimeOffset>(Last + 1),
                    reader.GetDouble(Last + 2), reader.GetDouble(Last + 3),
                    reader.IsDBNull(Last + 4) ? null : reader.GetFloat(Last + 4),
                    reader.IsDBNull(Last + 5) ? null : reader.GetInt16(Last + 5)),
                reader.GetInt64(Last + 6)));
        }

        return found;
    }

    private void AddPeriod(NpgsqlCommand command, TenantScope scope)
    {
        var now = time.GetUtcNow();
        AddScope(command, scope, now);
        command.Parameters.Add(new() { Value = now.UtcDateTime });
        command.Parameters.Add(new() { Value = (now - RecentTime).UtcDateTime });
    }

    private static void AddScope(NpgsqlCommand command, TenantScope scope, DateTimeOffset now)
    {
        command.AddTenant(scope);
        command.Parameters.Add(new() { Value = (now - SilentTime).UtcDateTime });
        command.Parameters.Add(new() { Value = (short)LowBattery });
    }

    private static string Escape(string text) => text.Replace(@"\", @"\\", StringComparison.Ordinal)
        .Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal);
}
