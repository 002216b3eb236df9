using Npgsql;
using NpgsqlTypes;

namespace ArtMqtt.Store.Webhooks;

/// <summary>What was sent to an endpoint and what was not; sends again. Whether the caller may is asked before.</summary>
public sealed class WebhookDeliveryRepository(NpgsqlDataSource dataSource)
{
    private const string Columns = """
        delivery_id, event_id, event_type, subject, state, attempts, created_at,
        CASE state WHEN 'pending' THEN nullif(next_attempt_at, '-infinity') END, last_attempt_at, last_status, last_error,
        finished_at
        """;

    private const string ListSql = $"""
        SELECT {Columns} FROM webhook_deliveries
        WHERE endpoint_id = $1 AND ($2::text IS NULL OR state = $2) AND delivery_id < $3
        ORDER BY delivery_id DESC LIMIT $4
        """;

    private const string PingSql = $"""
        INSERT INTO webhook_deliveries (endpoint_id, event_id, event_type, subject, body)
        SELECT $1, gen_random_uuid(), '{WebhookEventTypes.Ping}', $1::text, json_build_object(
            'type', '{WebhookEventTypes.Ping}', 'timestamp', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
            'data', json_build_object('webhookId', $1))::text
        RETURNING {Columns}
        """;

    private const string Again = """
        UPDATE webhook_deliveries SET state = 'pending', attempts = 0, next_attempt_at = '-infinity', queued_at = now(),
            finished_at = NULL
        """;

    private const string ReplaySql = $"{Again} WHERE endpoint_id = $1 AND delivery_id = $2 RETURNING {Columns}";

    private const string ReplayFailedSql =
        $"{Again} WHERE endpoint_id = $1 AND state = 'failed' AND created_at >= $2";

    // Somebody says that it works again.
    private const string UnpauseSql =
        "UPDATE webhook_endpoints SET paused_until = '-infinity' WHERE endpoint_id = $1 AND paused_until > '-infinity'";

    /// <summary>Deliveries, newest first, those before the given one.</summary>
    /// <param name="endpointId">The endpoint.</param>
    /// <param name="state">Only those in this state; null: all.</param>
    /// <param name="before">Number of the last of the page before, or null.</param>
    /// <param name="limit">Most of them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<WebhookDelivery>> ListAsync(
        Guid endpointId, string? state, long? before, int limit, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(ListSql);
        command.Parameters.Add(new() { Value = endpointId });
        command.Parameters.Add(new() { Value = (object?)state ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = before ?? long.MaxValue });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var deliveries = new List<WebhookDelivery>();
        while (await reader.ReadAsync(cancellationToken))
        {
            deliveries.Add(Read(reader));
        }

        return deliveries;
    }

    /// <summary>Adds a <c>ping</c>.</summary>
    public async Task<WebhookDelivery> PingAsync(Guid endpointId, CancellationToken cancellationToken) =>
        (await SendAgainAsync(PingSql, endpointId, null, cancellationToken))!;

    /// <summary>Sends one again, whatever became of it; it stays the same event.</summary>
    /// <returns>The delivery, or null when there is none.</returns>
    public Task<WebhookDelivery?> ReplayAsync(Guid endpointId, long deliveryId, CancellationToken cancellationToken) =>
        SendAgainAsync(ReplaySql, endpointId, deliveryId, cancellationToken);

    /// <summary>Sends everything again that was given up and was made at this time or later.</summary>
    /// <returns>How many.</returns>
    public async Task<int> ReplayFailedAsync(Guid endpointId, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(ReplayFailedSql, connection)
        {
            Parameters = { new() { Value = endpointId }, new() { Value = since.UtcDateTime } },
        };
        var count = await command.ExecuteNonQueryAsync(cancellationToken);
        await UnpauseAsync(connection, endpointId, cancellationToken);
        return count;
    }

    private async Task<WebhookDelivery?> SendAgainAsync(
        string sql, Guid endpointId, long? deliveryId, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await UnpauseAsync(connection, endpointId, cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = endpointId } } };
        if (deliveryId is { } number)
        {
            command.Parameters.Add(new() { Value = number });
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    private static async Task UnpauseAsync(
        NpgsqlConnection connection, Guid endpointId, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(UnpauseSql, connection) { Parameters = { new() { Value = endpointId } } };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static WebhookDelivery Read(NpgsqlDataReader reader) => new(
        reader.GetInt64(0), reader.GetGuid(1), reader.GetString(2), reader.GetString(3), reader.GetString(4),
        reader.GetInt32(5), reader.GetFieldValue<DateTimeOffset>(6), Time(reader, 7), Time(reader, 8),
        reader.IsDBNull(9) ? null : reader.GetInt32(9), reader.IsDBNull(10) ? null : reader.GetString(10), Time(reader, 11));

    private static DateTimeOffset? Time(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
}
