using Npgsql;
using NpgsqlTypes;

namespace ArtMqtt.Store.Webhooks;

/// <summary>
/// Deliveries that wait. A node takes what is due with a lease: nobody else attempts it before the lease ends, and a node
/// that dies loses nothing. All times are those of the caller's clock.
/// </summary>
public sealed class DueDeliveries(NpgsqlDataSource dataSource)
{
    private const int SweepSize = 1_000;

    // In a random order of endpoints, so that none is always the last; of one that fails, a single delivery tries it.
    private const string ClaimSql = """
        WITH due AS MATERIALIZED (
            SELECT d.delivery_id, e.endpoint_id FROM (
                SELECT endpoint_id, failures FROM webhook_endpoints
                WHERE is_enabled AND paused_until <= $1 AND endpoint_id <> ALL ($3) ORDER BY random()) e
            CROSS JOIN LATERAL (
                SELECT delivery_id FROM webhook_deliveries
                WHERE endpoint_id = e.endpoint_id AND state = 'pending' AND next_attempt_at <= $1
                ORDER BY next_attempt_at, delivery_id LIMIT CASE WHEN e.failures = 0 THEN $4 ELSE 1 END
                FOR UPDATE SKIP LOCKED) d
            LIMIT $5)
        UPDATE webhook_deliveries d SET attempts = attempts + 1, last_attempt_at = $1, next_attempt_at = $2
        FROM due JOIN webhook_endpoints e USING (endpoint_id)
        WHERE d.delivery_id = due.delivery_id
        RETURNING d.delivery_id, d.endpoint_id, d.event_id, d.event_type, d.body, d.attempts, d.queued_at, e.url, e.secret,
            CASE WHEN e.previous_secret_until > $1 THEN e.previous_secret END, e.failures
        """;

    private const string DeliveredSql = """
        UPDATE webhook_deliveries SET state = 'delivered', finished_at = $2, last_status = $3, last_error = NULL
        WHERE delivery_id = $1
        """;

    private const string EndpointWorksSql = """
        UPDATE webhook_endpoints SET failures = 0, failing_since = NULL, paused_until = '-infinity'
        WHERE endpoint_id = $1 AND failures > 0
        """;

    // Only while it is still this attempt's: another node took it when the lease had ended.
    private const string FailedSql = """
        UPDATE webhook_deliveries SET last_status = $4, last_error = $5, next_attempt_at = coalesce($6, next_attempt_at),
            state = CASE WHEN $6 IS NULL THEN 'failed' ELSE state END,
            finished_at = CASE WHEN $6 IS NULL THEN $3::timestamptz END
        WHERE delivery_id = $1 AND attempts = $2 AND state = 'pending'
        """;

    // Of attempts made at the same time each counts as the same one.
    private const string EndpointFailsSql = """
        UPDATE webhook_endpoints SET failures = greatest(failures, $2 + 1), failing_since = coalesce(failing_since, $3),
            paused_until = greatest(paused_until, coalesce($4, paused_until)),
            is_enabled = $5 IS NULL AND coalesce(failing_since > $6, true),
            disabled_reason = coalesce($5, CASE WHEN failing_since <= $6 THEN $7 END)
        WHERE endpoint_id = $1 AND is_enabled
        RETURNING is_enabled
        """;

    // Those that a failing endpoint leaves no room to attempt, or that wait for a disabled one.
    private const string ExpireSql = """
        UPDATE webhook_deliveries d SET state = 'failed', finished_at = $1,
            last_error = coalesce(last_error, 'the endpoint was failing or disabled')
        FROM webhook_endpoints e
        WHERE e.endpoint_id = d.endpoint_id AND (e.failures > 0 OR NOT e.is_enabled)
            AND d.state = 'pending' AND d.queued_at < $2 AND d.next_attempt_at <= $1
        """;

    private const string ForgetSql = """
        DELETE FROM webhook_deliveries WHERE delivery_id IN (
            SELECT delivery_id FROM webhook_deliveries
            WHERE state <> 'pending' AND finished_at < greatest($1, $2)
                AND finished_at < CASE state WHEN 'delivered' THEN $1 ELSE $2 END
            LIMIT $3 FOR UPDATE SKIP LOCKED)
        """;

    /// <summary>Takes what is due.</summary>
    /// <param name="now">The time.</param>
    /// <param name="leaseEnd">When it is due again if nobody says how it went.</param>
    /// <param name="busy">Endpoints that are left out.</param>
    /// <param name="mostPerEndpoint">Most deliveries of one endpoint.</param>
    /// <param name="most">Most deliveries.</param>
    /// <param name="cancellationToken">Gives up; what was taken all the same is due again when its lease ends.</param>
    public async Task<IReadOnlyList<DueDelivery>> ClaimAsync(
        DateTimeOffset now, DateTimeOffset leaseEnd, IReadOnlyCollection<Guid> busy, int mostPerEndpoint, int most,
        CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(ClaimSql);
        command.Parameters.Add(Time(now));
        command.Parameters.Add(Time(leaseEnd));
        command.Parameters.Add(new() { Value = busy.ToArray() });
        command.Parameters.Add(new() { Value = mostPerEndpoint });
        command.Parameters.Add(new() { Value = most });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var due = new List<DueDelivery>();
        while (await reader.ReadAsync(cancellationToken))
        {
            due.Add(new DueDelivery(
                reader.GetInt64(0), reader.GetGuid(1), reader.GetGuid(2), reader.GetString(3), reader.GetString(4),
                reader.GetInt32(5), reader.GetFieldValue<DateTimeOffset>(6), reader.GetString(7),
                reader.GetFieldValue<byte[]>(8), reader.IsDBNull(9) ? null : reader.GetFieldValue<byte[]>(9),
                reader.GetInt32(10)));
        }

        return due;
    }

    /// <summary>It was delivered.</summary>
    public async Task DeliveredAsync(
        DueDelivery delivery, int status, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        await using var batch = dataSource.CreateBatch();
        batch.BatchCommands.Add(new(DeliveredSql)
        {
            Parameters = { new() { Value = delivery.DeliveryId }, Time(now), new() { Value = status } },
        });
        batch.BatchCommands.Add(new(EndpointWorksSql) { Parameters = { new() { Value = delivery.EndpointId } } });
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>It was not delivered.</summary>
    /// <param name="delivery">The delivery.</param>
    /// <param name="failed">What follows.</param>
    /// <param name="now">The time.</param>
    /// <param name="disableBefore">An endpoint that fails since before is disabled.</param>
    /// <param name="failingReason">The reason that is noted then.</param>
    /// <param name="cancellationToken">Gives up; it is due again when its lease ends.</param>
    /// <returns>Whether this disabled the endpoint.</returns>
    public async Task<bool> FailedAsync(
        DueDelivery delivery, FailedAttempt failed, DateTimeOffset now, DateTimeOffset disableBefore,
        string failingReason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        ArgumentNullException.ThrowIfNull(failed);
        await using var batch = dataSource.CreateBatch();
        batch.BatchCommands.Add(new(FailedSql)
        {
            Parameters =
            {
                new() { Value = delivery.DeliveryId }, new() { Value = delivery.Attempt }, Time(now),
                new() { Value = (object?)failed.Status ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer },
                new() { Value = failed.Error }, Time(failed.RetryAt),
            },
        });
        batch.BatchCommands.Add(new(EndpointFailsSql)
        {
            Parameters =
            {
                new() { Value = delivery.EndpointId }, new() { Value = delivery.Failures }, Time(now),
                Time(failed.PauseUntil), Text(failed.DisabledReason), Time(disableBefore),
                new() { Value = failingReason },
            },
        });
        return await batch.ExecuteScalarAsync(cancellationToken) is false;
    }

    /// <summary>Gives up what has waited too long for an endpoint that fails or is disabled.</summary>
    /// <returns>How many.</returns>
    public async Task<int> ExpireAsync(
        DateTimeOffset now, DateTimeOffset queuedBefore, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(ExpireSql);
        command.Parameters.Add(Time(now));
        command.Parameters.Add(Time(queuedBefore));
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Removes what was delivered, and what was given up, long ago.</summary>
    /// <returns>How many.</returns>
    public async Task<int> ForgetAsync(
        DateTimeOffset deliveredBefore, DateTimeOffset failedBefore, CancellationToken cancellationToken)
    {
        var all = 0;
        int removed;
        do
        {
            await using var command = dataSource.CreateCommand(ForgetSql);
            command.Parameters.Add(Time(deliveredBefore));
            command.Parameters.Add(Time(failedBefore));
            command.Parameters.Add(new() { Value = SweepSize });
            removed = await command.ExecuteNonQueryAsync(cancellationToken);
            all += removed;
        }
        while (removed == SweepSize);
        return all;
    }

    private static NpgsqlParameter Time(DateTimeOffset? time) => new()
    {
        Value = (object?)time?.UtcDateTime ?? DBNull.Value,
        NpgsqlDbType = NpgsqlDbType.TimestampTz,
    };

    private static NpgsqlParameter Text(string? value) =>
        new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
