using System.Runtime.CompilerServices;
using ArtMqtt.Contracts.Positions;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ArtMqtt.Store.Routes;

/// <summary>Reads stored positions, oldest first, as a stream.</summary>
/// <param name="history">Where routes are.</param>
/// <param name="primary">Where the newest position is at once.</param>
public sealed class RouteReader([FromKeyedServices(StoreSources.History)] NpgsqlDataSource history, NpgsqlDataSource primary)
{
    private const string LatestSql = $"""
        SELECT {RouteRow.Columns} FROM positions
        WHERE request_id = $1 AND role = $2
        ORDER BY fix_time DESC LIMIT 1
        """;

    /// <summary>Positions of a request in one role, both ends of the period included; null is open.</summary>
    public IAsyncEnumerable<RoutePoint> ReadRequestAsync(
        Guid requestId, PositionRole role, DateTimeOffset? from, DateTimeOffset? to, int limit,
        CancellationToken cancellationToken) =>
        ReadRequestAsync(
            requestId, role, new(from ?? DateTimeOffset.MinValue, to ?? DateTimeOffset.MaxValue, limit),
            cancellationToken);

    /// <summary>A part of the positions of a request in one role.</summary>
    public IAsyncEnumerable<RoutePoint> ReadRequestAsync(
        Guid requestId, PositionRole role, RouteSelection selection, CancellationToken cancellationToken) =>
        StreamAsync(CommandOfRequest(RouteSql.OfRequest(selection), requestId, role, selection), cancellationToken);

    /// <summary>Positions of a device, whatever it served, both ends of the period included.</summary>
    public IAsyncEnumerable<RoutePoint> ReadDeviceAsync(
        string deviceId, DateTimeOffset from, DateTimeOffset to, int limit, CancellationToken cancellationToken) =>
        ReadDeviceAsync(deviceId, new(from, to, limit), cancellationToken);

    /// <summary>A part of the positions of a device, whatever it served.</summary>
    public IAsyncEnumerable<RoutePoint> ReadDeviceAsync(
        string deviceId, RouteSelection selection, CancellationToken cancellationToken) =>
        StreamAsync(CommandOfDevice(RouteSql.OfDevice(selection), deviceId, selection), cancellationToken);

    /// <summary>How many positions a request has in a period, counted no further than the limit.</summary>
    public async Task<int> CountRequestAsync(
        Guid requestId, PositionRole role, RouteSelection selection, CancellationToken cancellationToken)
    {
        await using var command = CommandOfRequest(RouteSql.CountOfRequest, requestId, role, selection);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>How many positions a device has in a period, counted no further than the limit.</summary>
    public async Task<int> CountDeviceAsync(
        string deviceId, RouteSelection selection, CancellationToken cancellationToken)
    {
        await using var command = CommandOfDevice(RouteSql.CountOfDevice, deviceId, selection);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>The newest position of a request in one role, by fix time, or null.</summary>
    public async Task<RoutePoint?> FindLatestAsync(
        Guid requestId, PositionRole role, CancellationToken cancellationToken)
    {
        var command = primary.CreateCommand(LatestSql);
        command.Parameters.Add(new() { Value = requestId });
        command.Parameters.Add(new() { Value = (short)role });
        await foreach (var point in StreamAsync(command, cancellationToken))
        {
            return point;
        }

        return null;
    }

    private NpgsqlCommand CommandOfRequest(string sql, Guid requestId, PositionRole role, RouteSelection selection)
    {
        var command = history.CreateCommand(sql);
        command.AddSelection(selection);
        command.Parameters.Add(new() { Value = requestId });
        command.Parameters.Add(new() { Value = (short)role });
        return command;
    }

    private NpgsqlCommand CommandOfDevice(string sql, string deviceId, RouteSelection selection)
    {
        var command = history.CreateCommand(sql);
        command.AddSelection(selection);
        command.Parameters.Add(new() { Value = deviceId });
        return command;
    }

    private static async IAsyncEnumerable<RoutePoint> StreamAsync(
        NpgsqlCommand command, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using (command)
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var isPaused = false;
            try
            {
                while (await reader.ReadAsync(cancellationToken))
                {
                    isPaused = true;
                    yield return RouteRow.Read(reader);
                    isPaused = false;
                }
            }
            finally
            {
                if (isPaused && cancellationToken.IsCancellationRequested)
                {
                    await CancelAsync(reader, cancellationToken);
                }
            }
        }
    }

    /// <summary>
    /// Ends the query of a caller that went away between two rows. Disposing of the reader alone would fetch all the
    /// others first; and a command of a data source has no Cancel.
    /// </summary>
    private static async Task CancelAsync(NpgsqlDataReader reader, CancellationToken cancelled)
    {
        try
        {
            while (await reader.ReadAsync(cancelled))
            {
                // What has arrived is returned before the token is looked at.
            }
        }
        catch (OperationCanceledException)
        {
            // As it should.
        }
    }
}
