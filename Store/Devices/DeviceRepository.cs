using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Store.Fleet;
using Npgsql;
using NpgsqlTypes;

namespace ArtMqtt.Store.Devices;

/// <summary>The devices that may report, and their credentials. Every change is told to all nodes as it is committed.</summary>
public sealed class DeviceRepository(NpgsqlDataSource dataSource, FleetDirectory fleet)
{
    private const string Told = $"SELECT *, pg_notify('{FleetChange.Channel}', 'd:' || device_id) FROM changed";

    private const string CreateSql = $"""
        WITH changed AS (
            INSERT INTO devices (device_id, name, secret_hash, tenant) VALUES ($1, $2, $3, $4)
            ON CONFLICT (device_id) DO NOTHING
            RETURNING {DeviceRow.Columns})
        {Told}
        """;

    private const string FindSql = $"SELECT {DeviceRow.Columns} FROM devices WHERE device_id = $1";

    private const string FindIdSql = "SELECT device_id FROM devices WHERE device_key = $1";

    private const string FindTenantSql = "SELECT tenant FROM devices WHERE device_id = $1";

    private const string ListSql = $"""
        SELECT {DeviceRow.Columns} FROM devices
        WHERE device_id > $1 AND ($3::text IS NULL OR tenant = $3) ORDER BY device_id LIMIT $2
        """;

    // The secret before the previous one ends here, whatever was left of its time.
    private const string RotateSql = $"""
        WITH changed AS (
            UPDATE devices SET secret_hash = $2, secret_changed_at = now(), version = version + 1,
                previous_secret_hash = CASE WHEN $3 > interval '0' THEN secret_hash END,
                previous_secret_until = CASE WHEN $3 > interval '0' THEN now() + $3 END
            WHERE device_id = $1
            RETURNING {DeviceRow.Columns})
        {Told}
        """;

    private const string EndPreviousSql = $"""
        WITH changed AS (
            UPDATE devices SET previous_secret_hash = NULL, previous_secret_until = NULL, version = version + 1
            WHERE device_id = $1
            RETURNING {DeviceRow.Columns})
        {Told}
        """;

    private const string EnableSql = $"""
        WITH changed AS (
            UPDATE devices SET is_enabled = $2, version = version + 1 WHERE device_id = $1
            RETURNING {DeviceRow.Columns})
        {Told}
        """;

    private const string PinSql = $"""
        WITH changed AS (
            UPDATE devices SET certificate_hash = $2, version = version + 1 WHERE device_id = $1
            RETURNING {DeviceRow.Columns})
        {Told}
        """;

    private const string RemoveSql = $"""
        WITH changed AS (
            DELETE FROM devices d WHERE device_id = $1
                AND NOT EXISTS (SELECT 1 FROM service_requests r WHERE r.device_key = d.device_key)
                AND NOT EXISTS (SELECT 1 FROM request_events e WHERE e.device_key = d.device_key)
                AND NOT EXISTS (SELECT 1 FROM positions p WHERE p.device_key = d.device_key)
                AND NOT EXISTS (SELECT 1 FROM suspect_positions s WHERE s.device_key = d.device_key)
                AND NOT EXISTS (SELECT 1 FROM device_hours h WHERE h.device_key = d.device_key)
            RETURNING {DeviceRow.Columns})
        {Told}
        """;

    /// <summary>Adds a device; it may connect at once.</summary>
    /// <param name="deviceId">Its id; unique over all tenants.</param>
    /// <param name="name">What people call it, or null.</param>
    /// <param name="secretHash">Made by <see cref="CredentialHasher"/>.</param>
    /// <param name="cancellationToken">Ends the wait for the database.</param>
    /// <param name="tenant">The firm it belongs to, for ever; empty for none.</param>
    /// <returns>The device, or null when the id is taken.</returns>
    public Task<DeviceRecord?> CreateAsync(
        string deviceId, string? name, ReadOnlyMemory<byte> secretHash, CancellationToken cancellationToken,
        string tenant = "")
    {
        if (!DeviceIds.IsValid(deviceId))
        {
            throw new ArgumentException($"'{deviceId}' is not a device id.", nameof(deviceId));
        }

        return ChangeAsync(
            CreateSql, deviceId, cancellationToken,
            new NpgsqlParameter<string?> { TypedValue = name, NpgsqlDbType = NpgsqlDbType.Text }, Bytes(secretHash),
            new NpgsqlParameter<string> { TypedValue = tenant });
    }

    /// <summary>The device of that id, or null.</summary>
    public async Task<DeviceRecord?> FindAsync(string deviceId, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(FindSql);
        command.Parameters.Add(new() { Value = deviceId });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? DeviceRow.Read(reader).Record : null;
    }

    /// <summary>The id of the device whose positions have that key, or null.</summary>
    public async Task<string?> FindIdAsync(int deviceKey, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(FindIdSql);
        command.Parameters.Add(new() { Value = deviceKey });
        return (string?)await command.ExecuteScalarAsync(cancellationToken);
    }

    /// <summary>The firm a device belongs to, empty for none; null when there is no such device.</summary>
    public async Task<string?> FindTenantAsync(string deviceId, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(FindTenantSql);
        command.Parameters.Add(new() { Value = deviceId });
        return (string?)await command.ExecuteScalarAsync(cancellationToken);
    }

    /// <summary>Devices in the order of their ids, those behind <paramref name="after"/>.</summary>
    public async Task<IReadOnlyList<DeviceRecord>> ListAsync(
        TenantScope scope, string? after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        await using var command = dataSource.CreateCommand(ListSql);
        command.Parameters.Add(new() { Value = after ?? "" });
        command.Parameters.Add(new() { Value = limit });
        command.AddTenant(scope);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var devices = new List<DeviceRecord>();
        while (await reader.ReadAsync(cancellationToken))
        {
            devices.Add(DeviceRow.Read(reader).Record);
        }

        return devices;
    }

    /// <summary>Replaces the secret; the one before stays valid for the overlap, zero for not at all.</summary>
    /// <returns>The device, or null when there is none.</returns>
    public Task<DeviceRecord?> RotateSecretAsync(
        string deviceId, ReadOnlyMemory<byte> secretHash, TimeSpan overlap, CancellationToken cancellationToken) =>
        ChangeAsync(
            RotateSql, deviceId, cancellationToken,
            Bytes(secretHash), new NpgsqlParameter<TimeSpan> { TypedValue = overlap });

    /// <summary>Ends the previous secret at once.</summary>
    /// <returns>The device, or null when there is none.</returns>
    public Task<DeviceRecord?> EndPreviousSecretAsync(string deviceId, CancellationToken cancellationToken) =>
        ChangeAsync(EndPreviousSql, deviceId, cancellationToken);

    /// <summary>Says whether the device may connect.</summary>
    /// <returns>The device, or null when there is none.</returns>
    public Task<DeviceRecord?> SetEnabledAsync(string deviceId, bool isEnabled, CancellationToken cancellationToken) =>
        ChangeAsync(EnableSql, deviceId, cancellationToken, new NpgsqlParameter<bool> { TypedValue = isEnabled });

    /// <summary>Says which certificate is the device's only one.</summary>
    /// <param name="deviceId">The device.</param>
    /// <param name="hash">SHA-256 of the certificate, or null for any of its name.</param>
    /// <param name="cancellationToken">Ends the wait for the database.</param>
    /// <returns>The device, or null when there is none.</returns>
    public Task<DeviceRecord?> PinCertificateAsync(
        string deviceId, ReadOnlyMemory<byte>? hash, CancellationToken cancellationToken) =>
        ChangeAsync(PinSql, deviceId, cancellationToken, Bytes(hash));

    /// <summary>Removes a device that never reported and never served a request.</summary>
    public async Task<DeviceRemoval> RemoveAsync(string deviceId, CancellationToken cancellationToken)
    {
        await using (var command = dataSource.CreateCommand(RemoveSql))
        {
            command.Parameters.Add(new() { Value = deviceId });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            if (await reader.ReadAsync(cancellationToken))
            {
                fleet.RemoveDevice(deviceId);
                return DeviceRemoval.Removed;
            }
        }

        return await FindAsync(deviceId, cancellationToken) is null ? DeviceRemoval.NotFound : DeviceRemoval.InUse;
    }

    private async Task<DeviceRecord?> ChangeAsync(
        string sql, string deviceId, CancellationToken cancellationToken, params NpgsqlParameter[] values)
    {
        await using var command = dataSource.CreateCommand(sql);
        command.Parameters.Add(new() { Value = deviceId });
        command.Parameters.AddRange(values);
        DeviceRow? device;
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            device = await reader.ReadAsync(cancellationToken) ? DeviceRow.Read(reader) : null;
        }

        if (device is not null)
        {
            fleet.Apply(device.ToDevice());
        }

        return device?.Record;
    }

    private static NpgsqlParameter Bytes(ReadOnlyMemory<byte>? value) =>
        new() { Value = value is { } bytes ? bytes.ToArray() : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea };
}
