using ArtMqtt.Contracts.Devices;
using Npgsql;

namespace ArtMqtt.Store.Devices;

/// <summary>
/// Stores what happened to devices, and whether they are connected now. Writing the same twice is harmless; what names no
/// device is left out.
/// </summary>
public sealed class DeviceEventWriter(NpgsqlDataSource dataSource)
{
    private const string InsertSql = """
        INSERT INTO device_events (device_key, at, kind, reason, client_id, address, protocol, agent)
        SELECT d.device_key, e.at, e.kind, e.reason, e.client_id, e.address, e.protocol, e.agent
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
            AS e (device_id, at, kind, is_online, reason, client_id, address, protocol, agent)
        JOIN devices d USING (device_id)
        ON CONFLICT DO NOTHING
        """;

    // In the order of the key, so that two nodes never wait for each other in a circle. Of a moment with two events, that
    // which leaves the device connected counts: it has taken over its own connection.
    private const string StateSql = """
        INSERT INTO device_states AS s (device_key, is_online, since, changed_at, client_id, address, protocol, agent)
        SELECT DISTINCT ON (d.device_key) d.device_key, e.is_online, e.at, e.at, e.client_id, e.address, e.protocol, e.agent
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
            AS e (device_id, at, kind, is_online, reason, client_id, address, protocol, agent)
        JOIN devices d USING (device_id)
        WHERE e.kind <> 'refused'
        ORDER BY d.device_key, e.at DESC, e.is_online DESC
        ON CONFLICT (device_key) DO UPDATE SET
            since = CASE WHEN s.is_online = excluded.is_online THEN s.since ELSE excluded.since END,
            is_online = excluded.is_online, changed_at = excluded.changed_at, client_id = excluded.client_id,
            address = CASE WHEN excluded.address = '' THEN s.address ELSE excluded.address END,
            protocol = CASE WHEN excluded.protocol = '' THEN s.protocol ELSE excluded.protocol END,
            agent = CASE WHEN excluded.agent = '' THEN s.agent ELSE excluded.agent END
        WHERE s.changed_at <= excluded.changed_at
        """;

    /// <summary>Stores them, all or none.</summary>
    public async Task WriteAsync(IReadOnlyList<DeviceEvent> events, CancellationToken cancellationToken)
    {
        if (events.Count == 0)
        {
            return;
        }

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var sql in (string[])[InsertSql, StateSql])
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            AddColumn(command, events, happened => happened.DeviceId);
            AddColumn(command, events, happened => happened.At.UtcDateTime);
            AddColumn(command, events, happened => NameOf(happened.Kind));
            AddColumn(command, events, happened => happened.IsOnline);
            AddColumn(command, events, happened => Clean(happened.Reason));
            AddColumn(command, events, happened => Clean(happened.ClientId));
            AddColumn(command, events, happened => Clean(happened.Address));
            AddColumn(command, events, happened => Clean(happened.Protocol));
            AddColumn(command, events, happened => Clean(happened.Agent));
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    // PostgreSQL's text cannot hold U+0000.
    private static string Clean(string text) => text.Replace('\0', '\uFFFD');

    private static void AddColumn<T>(NpgsqlCommand command, IEnumerable<DeviceEvent> rows, Func<DeviceEvent, T> column) =>
        command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = [.. rows.Select(column)] });

    private static string NameOf(DeviceEventKind kind) => kind switch
    {
        DeviceEventKind.Connected => "connected",
        DeviceEventKind.Disconnected => "disconnected",
        _ => "refused",
    };
}
