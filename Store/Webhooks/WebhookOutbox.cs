using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace ArtMqtt.Store.Webhooks;

/// <summary>
/// Takes events that no transaction of the database makes by itself. An event is durable when the call returns: tell it
/// first, then remember that it was told.
/// </summary>
public sealed class WebhookOutbox(NpgsqlDataSource dataSource)
{
    private const string AddSql = "SELECT add_webhook_event($1, $2, $3, $4, $5, $6)";

    private const string AddForRequestSql = """
        SELECT add_webhook_event($1, tenant, $2, $3, $4, $5) FROM service_requests WHERE request_id = $2::uuid
        """;

    /// <summary>Adds an event for each enabled endpoint of a tenant that asked for its type.</summary>
    /// <param name="type">One of <see cref="WebhookEventTypes"/>.</param>
    /// <param name="tenant">Whose endpoints; empty where there are no tenants.</param>
    /// <param name="subject">Id of the request or device.</param>
    /// <param name="key">The same key of the same type is the same event, and told once; null: a new one.</param>
    /// <param name="at">When it happened.</param>
    /// <param name="data">Its data.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many endpoints will be told.</returns>
    public async Task<long> AddAsync(
        string type, string tenant, string subject, string? key, DateTimeOffset at, JsonElement data,
        CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(AddSql);
        command.Parameters.Add(new() { Value = type });
        command.Parameters.Add(new() { Value = tenant });
        command.Parameters.Add(new() { Value = subject });
        command.Parameters.Add(new() { Value = (object?)key ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = at.UtcDateTime });
        command.Parameters.Add(new() { Value = data.GetRawText(), NpgsqlDbType = NpgsqlDbType.Json });
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Adds <c>request.eta</c>: once for each request and threshold, however many nodes say so.</summary>
    /// <returns>How many endpoints will be told.</returns>
    public async Task<long> AddAsync(EtaReached eta, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(eta);
        await using var command = dataSource.CreateCommand(AddForRequestSql);
        command.Parameters.Add(new() { Value = WebhookEventTypes.RequestEta });
        command.Parameters.Add(new() { Value = eta.RequestId.ToString("D") });
        command.Parameters.Add(new() { Value = $"{eta.RequestId:D}:{eta.ThresholdSeconds}" });
        command.Parameters.Add(new() { Value = at.UtcDateTime });
        command.Parameters.Add(new()
        {
            Value = JsonSerializer.Serialize(eta, JsonSerializerOptions.Web),
            NpgsqlDbType = NpgsqlDbType.Json,
        });
        return await command.ExecuteScalarAsync(cancellationToken) as long? ?? 0;
    }
}
