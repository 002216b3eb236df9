using Npgsql;
using NpgsqlTypes;

namespace ArtMqtt.Store.Webhooks;

/// <summary>The endpoints of each tenant. A tenant of null may see and change those of all.</summary>
public sealed class WebhookEndpointRepository(NpgsqlDataSource dataSource)
{
    private const string Columns = """
        endpoint_id, url, event_types, description, is_enabled, disabled_reason, previous_secret_until, failures,
        failing_since, created_at, updated_at, version
        """;

    private const string IsVisible = "($2::text IS NULL OR tenant = $2)";

    // Two callers at once may make one more than allowed; that harms nobody.
    private const string CreateSql = $"""
        INSERT INTO webhook_endpoints (endpoint_id, tenant, url, event_types, description, is_enabled, secret)
        SELECT $1, $2, $3, $4, $5, $6, $7
        WHERE (SELECT count(*) FROM webhook_endpoints WHERE tenant = $2) < $8
        RETURNING {Columns}
        """;

    private const string FindSql = $"SELECT {Columns} FROM webhook_endpoints WHERE endpoint_id = $1 AND {IsVisible}";

    private const string ListSql = $"""
        SELECT {Columns} FROM webhook_endpoints WHERE $1::text IS NULL OR tenant = $1
        ORDER BY created_at, endpoint_id LIMIT $2
        """;

    // Who enables it, or gives it another address, wants it to be tried now.
    private const string ChangeSql = $"""
        UPDATE webhook_endpoints SET url = $4, event_types = $5, description = $6, is_enabled = $7, disabled_reason = NULL,
            failures = 0, failing_since = NULL, paused_until = '-infinity', updated_at = now(), version = version + 1
        WHERE endpoint_id = $1 AND {IsVisible} AND ($3::integer IS NULL OR version = $3)
        RETURNING {Columns}
        """;

    private const string RotateSql = $"""
        UPDATE webhook_endpoints SET secret = $3, updated_at = now(), version = version + 1,
            previous_secret = CASE WHEN $4 > interval '0' THEN secret END,
            previous_secret_until = CASE WHEN $4 > interval '0' THEN now() + $4 END
        WHERE endpoint_id = $1 AND {IsVisible}
        RETURNING {Columns}
        """;

    private const string RemoveSql = $"DELETE FROM webhook_endpoints WHERE endpoint_id = $1 AND {IsVisible}";

    /// <summary>Adds an endpoint.</summary>
    /// <param name="endpointId">A new id.</param>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="settings">What the caller says.</param>
    /// <param name="secret">Its secret, encrypted.</param>
    /// <param name="most">Most endpoints of a tenant.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The endpoint, or null when the tenant has that many.</returns>
    public Task<WebhookEndpoint?> CreateAsync(
        Guid endpointId, string tenant, WebhookSettings settings, byte[] secret, int most,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return ReadAsync(
            CreateSql, cancellationToken, new() { Value = endpointId }, new() { Value = tenant },
            new() { Value = settings.Url }, new() { Value = settings.EventTypes.ToArray() }, Text(settings.Description),
            new() { Value = settings.IsEnabled }, new() { Value = secret }, new() { Value = most });
    }

    /// <summary>The endpoint, or null.</summary>
    public Task<WebhookEndpoint?> FindAsync(Guid endpointId, string? tenant, CancellationToken cancellationToken) =>
        ReadAsync(FindSql, cancellationToken, new() { Value = endpointId }, Text(tenant));

    /// <summary>Endpoints, oldest first.</summary>
    public async Task<IReadOnlyList<WebhookEndpoint>> ListAsync(
        string? tenant, int limit, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(ListSql);
        command.Parameters.Add(Text(tenant));
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var endpoints = new List<WebhookEndpoint>();
        while (await reader.ReadAsync(cancellationToken))
        {
            endpoints.Add(Read(reader));
        }

        return endpoints;
    }

    /// <summary>Replaces what the caller said, and forgets failures.</summary>
    /// <param name="endpointId">The endpoint.</param>
    /// <param name="tenant">Of the caller.</param>
    /// <param name="settings">What the caller says now.</param>
    /// <param name="version">The version that the caller knows; null: whichever it is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<WebhookChangeResult> ChangeAsync(
        Guid endpointId, string? tenant, WebhookSettings settings, int? version, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var changed = await ReadAsync(
            ChangeSql, cancellationToken, new() { Value = endpointId }, Text(tenant),
            new() { Value = (object?)version ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer },
            new() { Value = settings.Url }, new() { Value = settings.EventTypes.ToArray() }, Text(settings.Description),
            new() { Value = settings.IsEnabled });
        return new WebhookChangeResult(
            changed, changed is null ? await FindAsync(endpointId, tenant, cancellationToken) : null);
    }

    /// <summary>Replaces the secret; the one before signs too for the overlap, zero for not at all.</summary>
    /// <returns>The endpoint, or null when there is none.</returns>
    public Task<WebhookEndpoint?> RotateAsync(
        Guid endpointId, string? tenant, byte[] secret, TimeSpan overlap, CancellationToken cancellationToken) =>
        ReadAsync(
            RotateSql, cancellationToken, new() { Value = endpointId }, Text(tenant), new() { Value = secret },
            new() { Value = overlap });

    /// <summary>Removes an endpoint with all its deliveries.</summary>
    /// <returns>False when there is none.</returns>
    public async Task<bool> RemoveAsync(Guid endpointId, string? tenant, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(RemoveSql);
        command.Parameters.Add(new() { Value = endpointId });
        command.Parameters.Add(Text(tenant));
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    private async Task<WebhookEndpoint?> ReadAsync(
        string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = dataSource.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    private static WebhookEndpoint Read(NpgsqlDataReader reader) => new(
        reader.GetGuid(0),
        new WebhookSettings(
            reader.GetString(1), reader.GetFieldValue<string[]>(2), reader.IsDBNull(3) ? null : reader.GetString(3),
            reader.GetBoolean(4)),
        reader.IsDBNull(5) ? null : reader.GetString(5), Time(reader, 6), reader.GetInt32(7), Time(reader, 8),
        reader.GetFieldValue<DateTimeOffset>(9), reader.GetFieldValue<DateTimeOffset>(10), reader.GetInt32(11));

    private static DateTimeOffset? Time(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);

    private static NpgsqlParameter Text(string? value) =>
        new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
