using ArtMqtt.Contracts.Security;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ArtMqtt.Store.Routes;

/// <summary>Says which devices were in an area.</summary>
/// <remarks>
/// The boxes of <c>device_hours</c> leave few hours to look at. Hours that have no valid row yet are read from the
/// positions, so the answer is exact however far the roll-up is. Customers' phones are no devices.
/// </remarks>
public sealed class PresenceReader([FromKeyedServices(StoreSources.History)] NpgsqlDataSource dataSource)
{
    /// <summary>
    /// Devices in a box, in the order of their ids, those after the given id; both ends of the period included.
    /// </summary>
    public async Task<IReadOnlyList<Presence>> FindInBoxAsync(
        TenantScope scope, BoundingBox box, DateTimeOffset from, DateTimeOffset to, string afterDeviceId, int limit,
        CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(PresenceSql.InBox);
        AddParameters(command, scope, box, from, to, afterDeviceId);
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<Presence>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(new Presence(
                reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetFieldValue<DateTimeOffset>(2),
                reader.GetInt64(3)));
        }

        return found;
    }

    /// <summary>The same for an area of any shape. Positions in its box are read one by one and looked up.</summary>
    public async Task<IReadOnlyList<Presence>> FindInAreaAsync(
        TenantScope scope, SearchArea area, DateTimeOffset from, DateTimeOffset to, string afterDeviceId, int limit,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(area);
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(PresenceSql.PositionsInBox, connection);
        AddParameters(command, scope, area.Box, from, to, afterDeviceId);
        var found = new List<Presence>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (!area.Contains(reader.GetDouble(2), reader.GetDouble(3)))
            {
                continue;
            }

            var (deviceId, time) = (reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1));
            if (found.Count > 0 && found[^1] is var last && last.DeviceId == deviceId)
            {
                found[^1] = Add(last, time);
            }
            else if (found.Count < limit)
            {
                found.Add(new Presence(deviceId, time, time, 1));
            }
            else
            {
                // Leaving without this would read all that is left.
                command.Cancel();
                break;
            }
        }

        return found;
    }

    private static Presence Add(Presence presence, DateTimeOffset time) => presence with
    {
        FirstFixTime = time < presence.FirstFixTime ? time : presence.FirstFixTime,
        LastFixTime = time > presence.LastFixTime ? time : presence.LastFixTime,
        Positions = presence.Positions + 1,
    };

    private static void AddParameters(
        NpgsqlCommand command, TenantScope scope, BoundingBox box, DateTimeOffset from, DateTimeOffset to,
        string afterDeviceId)
    {
        command.Parameters.Add(new() { Value = afterDeviceId });
        command.AddBox(box);
        command.AddTime(from);
        command.AddTime(to);
        command.AddTenant(scope);
    }
}
