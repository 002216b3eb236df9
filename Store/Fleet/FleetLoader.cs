using ArtMqtt.Contracts.Security;
using ArtMqtt.Store.Devices;
using ArtMqtt.Store.Requests;
using ArtMqtt.Store.Tokens;
using Npgsql;

namespace ArtMqtt.Store.Fleet;

/// <summary>Reads devices and running requests for the directory, and which tokens were taken back.</summary>
internal sealed class FleetLoader(FleetDirectory directory, RevokedTokens revoked, TimeProvider time)
{
    private const string DevicesSql = $"SELECT {DeviceRow.Columns} FROM devices";
    private const string DeviceSql = $"SELECT {DeviceRow.Columns} FROM devices WHERE device_id = $1";
    private const string RequestsSql = $"{RequestRow.Select} WHERE r.status NOT IN ('completed', 'cancelled')";
    private const string RequestSql = $"{RequestRow.Select} WHERE r.request_id = $1";

    /// <summary>Reads everything and replaces what the directory knows.</summary>
    public async Task LoadAllAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        revoked.Know(await IssuedTokenRepository.ReadRevokedAsync(connection, cancellationToken), time.GetUtcNow());
        directory.BeginReload();
        try
        {
            var state = new FleetState();
            await using (var devices = new NpgsqlCommand(DevicesSql, connection))
            await using (var reader = await devices.ExecuteReaderAsync(cancellationToken))
            {
                while (await reader.ReadAsync(cancellationToken))
                {
                    state.Set(DeviceRow.Read(reader).ToDevice());
                }
            }

            await using (var requests = new NpgsqlCommand(RequestsSql, connection))
            await using (var reader = await requests.ExecuteReaderAsync(cancellationToken))
            {
                while (await reader.ReadAsync(cancellationToken))
                {
                    state.Set(RequestRow.Read(reader).ToEntry());
                }
            }

            directory.CompleteReload(state);
        }
        finally
        {
            directory.AbandonReload();
        }
    }

    /// <summary>Reads one device or request that changed.</summary>
    public async Task LoadAsync(NpgsqlConnection connection, FleetChange change, CancellationToken cancellationToken)
    {
        if (change.DeviceId is { } deviceId)
        {
            await using var command = new NpgsqlCommand(DeviceSql, connection) { Parameters = { new() { Value = deviceId } } };
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            if (await reader.ReadAsync(cancellationToken))
            {
                directory.Apply(DeviceRow.Read(reader).ToDevice());
            }
            else
            {
                directory.RemoveDevice(deviceId);
            }
        }

        if (change.RequestId is { } requestId)
        {
            await using var command = new NpgsqlCommand(RequestSql, connection) { Parameters = { new() { Value = requestId } } };
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            if (await reader.ReadAsync(cancellationToken))
            {
                directory.Apply(RequestRow.Read(reader).ToEntry());
            }
            else
            {
                directory.RemoveRequest(requestId);
            }
        }
    }
}
