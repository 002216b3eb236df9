using ArtMqtt.Contracts.Positions;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ArtMqtt.Store.Routes;

/// <summary>Says where something was at one moment, from the stored positions around it.</summary>
public sealed class InstantReader([FromKeyedServices(StoreSources.History)] NpgsqlDataSource dataSource)
{
    private const string OfDevice = "device_key = (SELECT device_key FROM devices WHERE device_id = $4)";
    private const string OfRequest = "request_id = $4 AND role = $5";
    private const string DeviceSql = $"({Before} {OfDevice} {Newest}) UNION ALL ({After} {OfDevice} {Oldest})";
    private const string RequestSql = $"({Before} {OfRequest} {Newest}) UNION ALL ({After} {OfRequest} {Oldest})";

    // Neighbours that are too far apart are not looked for: that keeps the days away in which nothing was stored.
    private const string Before =
        $"SELECT {RouteRow.Columns} FROM positions WHERE fix_time <= $1 AND fix_time >= $2 AND";

    private const string After =
        $"SELECT {RouteRow.Columns} FROM positions WHERE fix_time > $1 AND fix_time <= $3 AND";

    private const string Newest = "ORDER BY fix_time DESC LIMIT 1";
    private const string Oldest = "ORDER BY fix_time LIMIT 1";

    /// <summary>
    /// Where a device was; null when its positions around the moment are further apart than the gap allows, or the moment
    /// is outside of them.
    /// </summary>
    public Task<RouteInstant?> FindDeviceAsync(
        string deviceId, DateTimeOffset at, TimeSpan maxGap, CancellationToken cancellationToken) =>
        FindAsync(DeviceSql, at, maxGap, cancellationToken, new NpgsqlParameter { Value = deviceId });

    /// <summary>The same for those of a request in one role.</summary>
    public Task<RouteInstant?> FindRequestAsync(
        Guid requestId, PositionRole role, DateTimeOffset at, TimeSpan maxGap, CancellationToken cancellationToken) =>
        FindAsync(
            RequestSql, at, maxGap, cancellationToken, new NpgsqlParameter { Value = requestId },
            new NpgsqlParameter { Value = (short)role });

    private async Task<RouteInstant?> FindAsync(
        string sql, DateTimeOffset at, TimeSpan maxGap, CancellationToken cancellationToken,
        params NpgsqlParameter[] whose)
    {
        await using var command = dataSource.CreateCommand(sql);
        command.AddTime(at);
        command.AddTime(at - DateTimeOffset.MinValue > maxGap ? at - maxGap : DateTimeOffset.MinValue);
        command.AddTime(DateTimeOffset.MaxValue - at > maxGap ? at + maxGap : DateTimeOffset.MaxValue);
        command.Parameters.AddRange(whose);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        Position? before = null;
        Position? after = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            var position = RouteRow.Read(reader).Position;
            before = position.FixTime <= at ? position : before;
            after = position.FixTime > at ? position : after;
        }

        return before is not { } first ? null
            : first.FixTime == at ? new RouteInstant(first, at, at)
            : after is { } second && second.FixTime - first.FixTime <= maxGap
                ? new RouteInstant(Interpolation.Between(first, second, at), first.FixTime, second.FixTime)
                : null;
    }
}
