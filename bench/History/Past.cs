using System.Diagnostics;
using ArtMqtt.Store.Rollups;
using Npgsql;

namespace ArtMqtt.Store.Bench;

/// <summary>
/// Makes up the past of a fleet: a position of every device each half minute, in the order of arrival, as a live fleet
/// fills a table: the positions of one device lie far apart. Each hour they drive for 40 minutes and stand for 20.
/// </summary>
/// <param name="dataSource">The database, with the schema.</param>
/// <param name="devices">Devices.</param>
internal sealed class Past(NpgsqlDataSource dataSource, int devices)
{
    public const int SecondsApart = 30;

    public static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private const string DevicesSql = """
        INSERT INTO devices (device_key, device_id, secret_hash)
        SELECT d, 'van-' || lpad(d::text, 6, '0'), '' FROM generate_series(1, $1) d
        """;

    private const string DaySql = """
        INSERT INTO positions (device_key, fix_time, received_at, request_id, role, lat, lng, speed, heading, accuracy,
            altitude, battery, seq)
        SELECT d, t, t + interval '80 ms', CASE WHEN d % 3 = 0 THEN md5(d || '/' || date_trunc('hour', t))::uuid END,
            CASE WHEN d % 3 = 0 THEN 1 ELSE 0 END, 48 + 0.9 * sin(way * 2e-4 + d), 11 + 1.3 * sin(way * 1.3e-4 + 2 * d),
            18, (d * 7 + way / 60) % 360, 4, 520, 80, way / $3
        FROM (
            SELECT d, $1::timestamptz + s * interval '1 second' + d % ($3 * 1000) * interval '1 ms' AS t,
                ($4 + s) / 3600 * 3600 + least(($4 + s) % 3600 * 3 / 2, 3600) AS way
            FROM generate_series(0, 86399, $3) s CROSS JOIN generate_series(1, $2) d) p
        """;

    private const string LatestSql = """
        INSERT INTO device_latest
        SELECT p.* FROM devices d CROSS JOIN LATERAL (
            SELECT * FROM positions p WHERE p.device_key = d.device_key ORDER BY p.fix_time DESC LIMIT 1) p
        ON CONFLICT (device_key) DO UPDATE SET fix_time = excluded.fix_time, lat = excluded.lat, lng = excluded.lng
        """;

    private const string DueSql = """
        INSERT INTO device_hours_due
        SELECT d, h FROM generate_series(1, $1) d, generate_series($2::timestamptz, $3::timestamptz - interval '1 hour', '1 hour') h
        """;

    private const string SweptSql = "UPDATE device_hours_swept SET through = $1";

    private int _days;

    /// <summary>The first moment without positions.</summary>
    public DateTimeOffset End => Begin.AddDays(_days);

    public long Positions => (long)_days * devices * (86_400 / SecondsApart);

    public Task CreateDevicesAsync(CancellationToken cancellationToken) =>
        ExecuteAsync(DevicesSql, cancellationToken, devices);

    /// <summary>Goes on until there are so many positions, and sums them up.</summary>
    /// <returns>Hours of devices that were summed up per second.</returns>
    public async Task<double> GrowAsync(long positions, CancellationToken cancellationToken)
    {
        var from = End;
        while (Positions < positions)
        {
            await ExecuteAsync(
                DaySql, cancellationToken, End.UtcDateTime, devices, SecondsApart, (int)(End - Begin).TotalSeconds);
            _days++;
            Console.Error.Write($"\rbench: {Positions:N0} positions ");
        }

        Console.Error.WriteLine();
        await ExecuteAsync(LatestSql, cancellationToken);
        await ExecuteAsync(DueSql, cancellationToken, devices, from.UtcDateTime, End.UtcDateTime);
        await ExecuteAsync(SweptSql, cancellationToken, End.UtcDateTime);
        var started = Stopwatch.GetTimestamp();
        var sums = await Task.WhenAll(SumUpAsync(cancellationToken), SumUpAsync(cancellationToken));
        var rate = sums.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
        await ExecuteAsync("VACUUM ANALYZE", cancellationToken);
        await ExecuteAsync("CHECKPOINT", cancellationToken);
        return rate;
    }

    private async Task<long> SumUpAsync(CancellationToken cancellationToken)
    {
        var hours = new DeviceHourRepository(dataSource);
        var all = 0L;
        for (int sums; (sums = await hours.SumUpAsync(End, 500, cancellationToken)) > 0;)
        {
            all += sums;
        }

        return all;
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = dataSource.CreateCommand(sql);
        command.CommandTimeout = 0;
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
