using Npgsql;
using NpgsqlTypes;

namespace ArtMqtt.Store.Geofences;

/// <summary>The geofences of each tenant. A tenant of null may see and change those of all.</summary>
public sealed class GeofenceRepository(NpgsqlDataSource dataSource)
{
    private const string Columns =
        "geofence_id, tenant, name, shape::text, device_prefix, device_ids, created_at, updated_at, version";

    private const string IsVisible = "($2::text IS NULL OR tenant = $2)";

    // Two callers at once may make one more than allowed; that harms nobody.
    private const string CreateSql = $"""
        INSERT INTO geofences (geofence_id, tenant, name, shape, device_prefix, device_ids)
        SELECT $1, $2, $3, $4, $5, $6 WHERE (SELECT count(*) FROM geofences WHERE tenant = $2) < $7
        RETURNING {Columns}
        """;

    private const string FindSql = $"SELECT {Columns} FROM geofences WHERE geofence_id = $1 AND {IsVisible}";

    private const string ListSql =
        $"SELECT {Columns} FROM geofences WHERE geofence_id > $1 AND {IsVisible} ORDER BY geofence_id LIMIT $3";

    private const string ChangeSql = $"""
        UPDATE geofences SET name = $4, shape = $5, device_prefix = $6, device_ids = $7, updated_at = now(),
            version = version + 1
        WHERE geofence_id = $1 AND {IsVisible} AND ($3::integer IS NULL OR version = $3)
        RETURNING {Columns}
        """;

    private const string RemoveSql = $"DELETE FROM geofences WHERE geofence_id = $1 AND {IsVisible}";

    /// <summary>Adds a geofence.</summary>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="settings">What the caller says.</param>
    /// <param name="most">Most geofences of a tenant.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The geofence, or null when the tenant has that many.</returns>
    public Task<Geofence?> CreateAsync(
        string tenant, GeofenceSettings settings, int most, CancellationToken cancellationToken) =>
        ReadAsync(
            CreateSql, cancellationToken,
            [new() { Value = Guid.NewGuid() }, new() { Value = tenant }, .. Parameters(settings), new() { Value = most }]);

    /// <summary>The geofence, or null.</summary>
    public Task<Geofence?> FindAsync(Guid geofenceId, string? tenant, CancellationToken cancellationToken) =>
        ReadAsync(FindSql, cancellationToken, [new() { Value = geofenceId }, Text(tenant)]);

    /// <summary>Geofences in the order of their ids, those after the given one.</summary>
    public async Task<IReadOnlyList<Geofence>> ListAsync(
        Guid after, string? tenant, int limit, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(ListSql);
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(Text(tenant));
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var geofences = new List<Geofence>();
        while (await reader.ReadAsync(cancellationToken))
        {
            geofences.Add(Read(reader));
        }

        return geofences;
    }

    /// <summary>Replaces what the caller said. Devices that are inside by both shapes stay inside.</summary>
    /// <param name="geofenceId">The geofence.</param>
    /// <param name="tenant">Of the caller.</param>
    /// <param name="settings">What the caller says now.</param>
    /// <param name="version">The version that the caller knows; null: whichever it is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<GeofenceChangeResult> ChangeAsync(
        Guid geofenceId, string? tenant, GeofenceSettings settings, int? version, CancellationToken cancellationToken)
    {
        var changed = await ReadAsync(
            ChangeSql, cancellationToken,
            [
                new() { Value = geofenceId }, Text(tenant),
                new() { Value = (object?)version ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer },
                .. Parameters(settings),
            ]);
        return new GeofenceChangeResult(
            changed, changed is null ? await FindAsync(geofenceId, tenant, cancellationToken) : null);
    }

    /// <summary>Removes a geofence, and who is inside.</summary>
    /// <returns>False when there is none.</returns>
    public async Task<bool> RemoveAsync(Guid geofenceId, string? tenant, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(RemoveSql);
        command.Parameters.Add(new() { Value = geofenceId });
        command.Parameters.Add(Text(tenant));
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    private async Task<Geofence?> ReadAsync(
        string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = dataSource.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    internal static Geofence Read(NpgsqlDataReader reader) => new(
        reader.GetGuid(0), reader.GetString(1),
        new GeofenceSettings(
            reader.GetString(2), reader.GetString(3), reader.GetString(4),
            reader.IsDBNull(5) ? null : reader.GetFieldValue<string[]>(5)),
        reader.GetFieldValue<DateTimeOffset>(6), reader.GetFieldValue<DateTimeOffset>(7), reader.GetInt32(8));

    private static NpgsqlParameter[] Parameters(GeofenceSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return
        [
            new() { Value = settings.Name }, new() { Value = settings.Shape, NpgsqlDbType = NpgsqlDbType.Json },
            new() { Value = settings.DevicePrefix },
            new NpgsqlParameter<string[]?> { TypedValue = settings.DeviceIds?.ToArray() },
        ];
    }

    private static NpgsqlParameter Text(string? value) =>
        new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
