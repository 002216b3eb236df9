using System.Runtime.CompilerServices;
using ArtMqtt.Contracts.Security;
using Npgsql;

namespace ArtMqtt.Store.Routes;

/// <summary>Reads where all devices are, from the table that ingest keeps up.</summary>
public sealed class LatestReader(NpgsqlDataSource dataSource)
{
    private const string Sql = $"""
        SELECT d.device_id, d.name, l.request_id, {RouteRow.Columns}
        FROM device_latest l JOIN devices d USING (device_key)
        WHERE d.device_id > $1 AND {BoxCondition.OfPlace} AND ($7::text IS NULL OR d.tenant = $7)
        ORDER BY d.device_id LIMIT $6
        """;

    private const string SinceSql = $"SELECT {RouteRow.Columns} FROM device_latest WHERE received_at >= $1";

    /// <summary>The newest position of each device that was received at or after a moment, in no order. Streamed.</summary>
    public async IAsyncEnumerable<RoutePoint> ReadSinceAsync(
        DateTimeOffset receivedFrom, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(SinceSql);
        command.AddTime(receivedFrom);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return RouteRow.Read(reader);
        }
    }

    /// <summary>
    /// The newest positions in a box, in the order of device ids, those after the given id; an empty id begins. Streamed.
    /// </summary>
    public async IAsyncEnumerable<LatestPosition> ReadAsync(
        TenantScope scope, BoundingBox box, string afterDeviceId, int limit,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(Sql);
        command.Parameters.Add(new() { Value = afterDeviceId });
        command.AddBox(box);
        command.Parameters.Add(new() { Value = limit });
        command.AddTenant(scope);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return new LatestPosition(
                reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1),
                reader.IsDBNull(2) ? null : reader.GetGuid(2), RouteRow.Read(reader, 3));
        }
    }
}
