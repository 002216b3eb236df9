using System.Runtime.CompilerServices;
using ArtMqtt.Contracts.Positions;
using Npgsql;

namespace ArtMqtt.Store.Routes;

/// <summary>Reads stored positions, oldest first, as a stream.</summary>
public sealed class RouteReader(NpgsqlDataSource dataSource)
{
    private const string RequestSql = $"""
        SELECT {RouteRow.Columns} FROM positions
        WHERE request_id = $1 AND role = $2 AND fix_time >= $3 AND fix_time <= $4
        ORDER BY fix_time LIMIT $5
        """;

    private const string DeviceSql = $"""
        SELECT {RouteRow.Columns} FROM positions
        WHERE device_key = (SELECT device_key FROM devices WHERE device_id = $1) AND fix_time >= $2 AND fix_time <= $3
        ORDER BY fix_time LIMIT $4
        """;

    private const string LatestSql = $"""
        SELECT {RouteRow.Columns} FROM positions
        WHERE request_id = $1 AND role = $2
        ORDER BY fix_time DESC LIMIT 1
        """;

    /// <summary>Positions of a request in one role, both ends of the period included; null is open.</summary>
    public IAsyncEnumerable<RoutePoint> ReadRequestAsync(
        Guid requestId, PositionRole role, DateTimeOffset? from, DateTimeOffset? to, int limit,
        CancellationToken cancellationToken)
    {
        var command = dataSource.CreateCommand(RequestSql);
        command.Parameters.Add(new() { Value = requestId });
        command.Parameters.Add(new() { Value = (short)role });
        command.AddTime(from ?? DateTimeOffset.MinValue);
        command.AddTime(to ?? DateTimeOffset.MaxValue);
        command.Parameters.Add(new() { Value = limit });
        return StreamAsync(command, cancellationToken);
    }

    /// <summary>Positions of a device, whatever it served, both ends of the period included.</summary>
    public IAsyncEnumerable<RoutePoint> ReadDeviceAsync(
        string deviceId, DateTimeOffset from, DateTimeOffset to, int limit, CancellationToken cancellationToken)
    {
        var command = dataSource.CreateCommand(DeviceSql);
        command.Parameters.Add(new() { Value = deviceId });
        command.AddTime(from);
        command.AddTime(to);
        command.Parameters.Add(new() { Value = limit });
        return StreamAsync(command, cancellationToken);
    }

    /// <summary>The newest position of a request in one role, by fix time, or null.</summary>
    public async Task<RoutePoint?> FindLatestAsync(
        Guid requestId, PositionRole role, CancellationToken cancellationToken)
    {
        var command = dataSource.CreateCommand(LatestSql);
        command.Parameters.Add(new() { Value = requestId });
        command.Parameters.Add(new() { Value = (short)role });
        await foreach (var point in StreamAsync(command, cancellationToken))
        {
            return point;
        }

        return null;
    }

    private static async IAsyncEnumerable<RoutePoint> StreamAsync(
        NpgsqlCommand command, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using (command)
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                yield return RouteRow.Read(reader);
            }
        }
    }
}
