using ArtMqtt.Contracts;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Store.Fleet;
using Npgsql;

namespace ArtMqtt.Store.Devices;

/// <summary>The devices that may report.</summary>
public sealed class DeviceRepository(NpgsqlDataSource dataSource, FleetDirectory fleet)
{
    private const string Columns = "device_key, device_id, name, is_enabled, created_at";

    private const string CreateSql = $"""
        WITH created AS (
            INSERT INTO devices (device_id, name, secret_hash) VALUES ($1, $2, $3)
            ON CONFLICT (device_id) DO NOTHING
            RETURNING {Columns})
        SELECT {Columns}, pg_notify('{FleetChange.Channel}', 'd:' || device_id) FROM created
        """;

    private const string FindSql = $"SELECT {Columns} FROM devices WHERE device_id = $1";

    private const string ListSql =
        $"SELECT {Columns} FROM devices WHERE device_id > $1 ORDER BY device_id LIMIT $2";

    private const string SetSecretSql = $"""
        WITH changed AS (
            UPDATE devices SET secret_hash = $2 WHERE device_id = $1
            RETURNING {Columns})
        SELECT {Columns}, pg_notify('{FleetChange.Channel}', 'd:' || device_id) FROM changed
        """;

    /// <summary>Adds a device; it may connect at once.</summary>
    /// <returns>The device, or null when the id is taken.</returns>
    public Task<DeviceRecord?> CreateAsync(
        string deviceId, string? name, ReadOnlyMemory<byte> secretHash, CancellationToken cancellationToken)
    {
        if (!DeviceIds.IsValid(deviceId))
        {
            throw new ArgumentException($"'{deviceId}' is not a device id.", nameof(deviceId));
        }

        return ChangeAsync(CreateSql, deviceId, name, secretHash, cancellationToken);
    }

    /// <summary>The device of that id, or null.</summary>
    public async Task<DeviceRecord?> FindAsync(string deviceId, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(FindSql);
        command.Parameters.Add(new() { Value = deviceId });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    /// <summary>Devices in the order of their ids, those behind <paramref name="after"/>.</summary>
    public async Task<IReadOnlyList<DeviceRecord>> ListAsync(
        string? after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        await using var command = dataSource.CreateCommand(ListSql);
        command.Parameters.Add(new() { Value = after ?? "" });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var devices = new List<DeviceRecord>();
        while (await reader.ReadAsync(cancellationToken))
        {
            devices.Add(Read(reader));
        }

        return devices;
    }

    /// <summary>Replaces the secret; the old one is refused from now on.</summary>
    /// <returns>False when there is no such device.</returns>
    public async Task<bool> SetSecretAsync(
        string deviceId, ReadOnlyMemory<byte> secretHash, CancellationToken cancellationToken) =>
        await ChangeAsync(SetSecretSql, deviceId, null, secretHash, cancellationToken) is not null;

    private async Task<DeviceRecord?> ChangeAsync(
        string sql, string deviceId, string? name, ReadOnlyMemory<byte> secretHash,
        CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(sql);
        command.Parameters.Add(new() { Value = deviceId });
        if (sql == CreateSql)
        {
            command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = name });
        }

        command.Parameters.Add(new() { Value = secretHash.ToArray() });
        DeviceRecord? device;
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            device = await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
        }

        if (device is not null)
        {
            fleet.Apply(new FleetDevice(device.Key, device.DeviceId, secretHash.ToArray(), device.IsEnabled));
        }

        return device;
    }

    private static DeviceRecord Read(NpgsqlDataReader reader) => new(
        reader.GetInt32(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2),
        reader.GetBoolean(3), reader.GetFieldValue<DateTimeOffset>(4));
}
