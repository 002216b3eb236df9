using ArtMqtt.Contracts.Security;
using ArtMqtt.Store.Routes;
using Npgsql;

namespace ArtMqtt.Store.Bench;

/// <summary>What people ask of the past, through the readers that REST uses, and in SQL.</summary>
/// <param name="dataSource">The database.</param>
internal sealed class Questions(NpgsqlDataSource dataSource)
{
    private const double BoxDegrees = 0.02;
    private const int RoutePositions = 2_000;

    private const string NewestByIndexSql = """
        SELECT d.device_id, p.fix_time, p.lat, p.lng FROM devices d CROSS JOIN LATERAL (
            SELECT * FROM positions p WHERE p.device_key = d.device_key ORDER BY p.fix_time DESC LIMIT 1) p
        """;

    private const string BoxSql = """
        SELECT device_key, min(fix_time), max(fix_time), count(*) FROM positions
        WHERE fix_time >= $1 AND fix_time <= $2 AND lng >= $3 AND lat >= $4 AND lng <= $5 AND lat <= $6 AND role <> 2
        GROUP BY device_key
        """;

    private const string HoursSql = """
        SELECT hour, count(*), sum(positions), max(max_speed) FROM device_hours
        WHERE hour >= $1 AND hour < $2 GROUP BY hour ORDER BY hour
        """;

    private const string HoursOfPositionsSql = """
        SELECT time_bucket('1 hour', fix_time) AS hour, count(DISTINCT device_key), count(*), max(speed) FROM positions
        WHERE fix_time >= $1 AND fix_time < $2 GROUP BY hour ORDER BY hour
        """;

    /// <summary>All of them.</summary>
    public IReadOnlyList<Question> All =>
    [
        new($"route of {RoutePositions:N0} positions", RouteAsync)
        {
            Explain = ExplainRoute, MaxChunks = 2, Uses = "positions_key",
        },
        new("place at a moment", InstantAsync),
        new("trips and stops of a device's day", TripsAsync),
        new("newest of all devices", LatestAsync) { Plainly = _ => dataSource.CreateCommand(NewestByIndexSql) },
        new("who was in a box (2 km) in an hour", (pick, token) => PresenceAsync(pick, 1, token))
        {
            Plainly = pick => Box(pick, 1), Explain = pick => ExplainPresence(pick, 1), MaxChunks = 2, Uses = "device_hours",
        },
        new("who was in a box (2 km) in a day", (pick, token) => PresenceAsync(pick, 24, token))
        {
            Plainly = pick => Box(pick, 24), Explain = pick => ExplainPresence(pick, 24), MaxChunks = 2, Uses = "device_hours",
        },
        new("a day of all devices by the hour", (pick, token) => CountAsync(Hours(HoursSql, pick), token))
        {
            Plainly = pick => Hours(HoursOfPositionsSql, pick), Explain = pick => Hours($"{Plan.Explain} {HoursSql}", pick),
            MaxChunks = 0, Uses = "device_hours",
        },
    ];

    /// <summary>Reads all rows and counts them.</summary>
    public static async Task<long> CountAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        command.CommandTimeout = 0;
        await using (command)
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var rows = 0L;
            while (await reader.ReadAsync(cancellationToken))
            {
                rows++;
            }

            return rows;
        }
    }

    private static RouteSelection Route(Pick pick) =>
        new(pick.At, pick.At.AddSeconds((RoutePositions * Past.SecondsApart) - 1), 10_000);

    private static BoundingBox Around(Pick pick) =>
        new(pick.Longitude, pick.Latitude, pick.Longitude + (BoxDegrees * 1.5), pick.Latitude + BoxDegrees);

    private async Task<long> RouteAsync(Pick pick, CancellationToken cancellationToken) => await new RouteReader(dataSource, dataSource)
        .ReadDeviceAsync(pick.DeviceId, Route(pick), cancellationToken).CountAsync(cancellationToken);

    private async Task<long> InstantAsync(Pick pick, CancellationToken cancellationToken) =>
        await new InstantReader(dataSource).FindDeviceAsync(
            pick.DeviceId, pick.At.AddSeconds(1_234), TimeSpan.FromMinutes(5), cancellationToken) is null ? 0 : 1;

    private async Task<long> TripsAsync(Pick pick, CancellationToken cancellationToken)
    {
        var detector = new TripDetector();
        await foreach (var point in new RouteReader(dataSource, dataSource).ReadDeviceAsync(
            pick.DeviceId, pick.At, pick.At.AddDays(1), int.MaxValue, cancellationToken))
        {
            detector.Add(point.Position);
        }

        detector.Finish();
        var parts = 0;
        while (detector.TryRead(out _))
        {
            parts++;
        }

        return parts;
    }

    private async Task<long> LatestAsync(Pick pick, CancellationToken cancellationToken) => await new LatestReader(dataSource)
        .ReadAsync(TenantScope.All, new BoundingBox(-180, -90, 180, 90), "", int.MaxValue, cancellationToken).CountAsync(cancellationToken);

    private async Task<long> PresenceAsync(Pick pick, int hours, CancellationToken cancellationToken) =>
        (await new PresenceReader(dataSource).FindInBoxAsync(
            TenantScope.All, Around(pick), pick.At, pick.At.AddHours(hours), "", 10_000, cancellationToken)).Count;

    private NpgsqlCommand ExplainRoute(Pick pick)
    {
        var command = dataSource.CreateCommand($"{Plan.Explain} {RouteSql.OfDevice(Route(pick))}");
        command.AddSelection(Route(pick));
        command.Parameters.Add(new() { Value = pick.DeviceId });
        return command;
    }

    private NpgsqlCommand ExplainPresence(Pick pick, int hours)
    {
        var command = dataSource.CreateCommand($"{Plan.Explain} {PresenceSql.InBox}");
        command.Parameters.Add(new() { Value = "" });
        command.AddBox(Around(pick));
        command.AddTime(pick.At);
        command.AddTime(pick.At.AddHours(hours));
        command.AddTenant(TenantScope.All);
        command.Parameters.Add(new() { Value = 10_000 });
        return command;
    }

    private NpgsqlCommand Box(Pick pick, int hours)
    {
        var command = dataSource.CreateCommand(BoxSql);
        command.AddTime(pick.At);
        command.AddTime(pick.At.AddHours(hours));
        command.AddBox(Around(pick));
        return command;
    }

    private NpgsqlCommand Hours(string sql, Pick pick)
    {
        var command = dataSource.CreateCommand(sql);
        command.AddTime(pick.At);
        command.AddTime(pick.At.AddDays(1));
        return command;
    }
}
