using ArtMqtt.Store.Webhooks;
using Npgsql;

namespace ArtMqtt.Store.Devices;

/// <summary>
/// Finds devices of which nothing newer arrives, and those that are back, once each, and adds the events in the same
/// transaction. Several nodes may look at the same time.
/// </summary>
public sealed class SilentDevices(NpgsqlDataSource dataSource)
{
    private const int BatchSize = 1_000;

    private const string Iso = "'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'";

    private const string ProgressSql = """
        INSERT INTO ingest_progress (node_id, through, seen_at) VALUES ($1, $2, $3)
        ON CONFLICT (node_id) DO UPDATE SET through = excluded.through, seen_at = excluded.seen_at
        """;

    private const string ForgetNodesSql = "DELETE FROM ingest_progress WHERE seen_at < $1";

    // A node that is gone for ten minutes holds nobody up any more: its devices have found another.
    private const string SilentSql = $"""
        WITH silent AS (
            INSERT INTO silent_devices (device_key, last_received_at, found_at)
            SELECT l.device_key, l.received_at, $1 FROM device_latest l JOIN devices d USING (device_key)
            WHERE d.is_enabled
                AND l.received_at < (SELECT min(through) FROM ingest_progress WHERE seen_at > $1 - interval '10 minutes') - $2
                AND NOT EXISTS (SELECT FROM silent_devices s WHERE s.device_key = l.device_key)
            ORDER BY l.device_key LIMIT $3
            ON CONFLICT (device_key) DO NOTHING
            RETURNING device_key, last_received_at)
        SELECT count(*)::integer, sum(add_webhook_event(
            '{WebhookEventTypes.DeviceOffline}', d.tenant, d.device_id, d.device_id || ' ' || s.last_received_at::text, $1,
            json_build_object(
                'deviceId', d.device_id, 'since', to_char(s.last_received_at AT TIME ZONE 'UTC', {Iso}),
                'position', json_build_object(
                    'lat', l.lat, 'lng', l.lng, 'fixTime', to_char(l.fix_time AT TIME ZONE 'UTC', {Iso})))))
        FROM silent s JOIN devices d USING (device_key) JOIN device_latest l USING (device_key)
        """;

    private const string BackSql = $"""
        WITH back AS (
            DELETE FROM silent_devices s USING device_latest l
            WHERE l.device_key = s.device_key AND l.received_at > s.last_received_at
            RETURNING s.device_key, s.last_received_at, l.received_at, l.fix_time, l.lat, l.lng)
        SELECT count(*)::integer, sum(add_webhook_event(
            '{WebhookEventTypes.DeviceOnline}', d.tenant, d.device_id, d.device_id || ' ' || b.received_at::text, b.received_at,
            json_build_object(
                'deviceId', d.device_id, 'since', to_char(b.received_at AT TIME ZONE 'UTC', {Iso}),
                'offlineSince', to_char(b.last_received_at AT TIME ZONE 'UTC', {Iso}),
                'position', json_build_object(
                    'lat', b.lat, 'lng', b.lng, 'fixTime', to_char(b.fix_time AT TIME ZONE 'UTC', {Iso})))))
        FROM back b JOIN devices d USING (device_key)
        """;

    /// <summary>Says how far a node has stored what it received.</summary>
    /// <param name="nodeId">The process.</param>
    /// <param name="through">What was received before this is stored; null: not known yet, so nobody is silent.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task ReportProgressAsync(
        Guid nodeId, DateTimeOffset? through, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var batch = dataSource.CreateBatch();
        batch.BatchCommands.Add(new(ProgressSql)
        {
            Parameters =
            {
                new() { Value = nodeId }, new() { Value = (through ?? DateTimeOffset.UnixEpoch).UtcDateTime },
                new() { Value = now.UtcDateTime },
            },
        });
        batch.BatchCommands.Add(new(ForgetNodesSql) { Parameters = { new() { Value = now.UtcDateTime.AddHours(-1) } } });
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Finds devices that fell silent.</summary>
    /// <param name="now">The time.</param>
    /// <param name="after">How long nothing newer may arrive.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many.</returns>
    public async Task<int> FindSilentAsync(DateTimeOffset now, TimeSpan after, CancellationToken cancellationToken)
    {
        var all = 0;
        int found;
        do
        {
            await using var command = dataSource.CreateCommand(SilentSql);
            command.Parameters.Add(new() { Value = now.UtcDateTime });
            command.Parameters.Add(new() { Value = after });
            command.Parameters.Add(new() { Value = BatchSize });
            found = (int)(await command.ExecuteScalarAsync(cancellationToken))!;
            all += found;
        }
        while (found == BatchSize);
        return all;
    }

    /// <summary>Finds devices that are back.</summary>
    /// <returns>How many.</returns>
    public async Task<int> FindBackAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(BackSql);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
