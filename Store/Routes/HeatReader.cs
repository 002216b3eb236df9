using System.Runtime.CompilerServices;
using ArtMqtt.Contracts.Security;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;

namespace ArtMqtt.Store.Routes;

/// <summary>Counts positions by cells: the tiles of the web map (EPSG:3857) at a zoom.</summary>
/// <remarks>As <see cref="PresenceReader"/> it looks at those hours only whose box touches; customers' phones are no devices.</remarks>
public sealed class HeatReader([FromKeyedServices(StoreSources.History)] NpgsqlDataSource dataSource)
{
    /// <summary>The closest zoom: cells of 10 m at the equator.</summary>
    public const int MaxZoom = 22;

    // $1 devices or null, $10 cells across the world. Beyond 85.05° there is no web map: its outermost row.
    private const string Sql = $"""
        {PresenceSql.Parts}
        SELECT x, y, sum(count)::bigint AS positions, count(*)::int
        FROM (
            SELECT least(floor((r.lng + 180) / 360 * $10), $10 - 1)::int AS x,
                least(greatest(floor((0.5 - ln(tan(pi() / 4 + least(greatest(r.lat, -85.06), 85.06) * pi() / 360)) / (2 * pi())) * $10), 0), $10 - 1)::int AS y,
                count(*) AS count
            FROM (SELECT p.* FROM parts p JOIN devices d USING (device_key)
                WHERE ($1::text[] IS NULL OR d.device_id = ANY ($1)) AND ($8::text IS NULL OR d.tenant = $8)) p
            CROSS JOIN LATERAL (SELECT q.lat, q.lng FROM positions q WHERE {PresenceSql.OfPart} OFFSET 0) r
            GROUP BY p.device_key, x, y) c
        GROUP BY x, y ORDER BY positions DESC, x, y LIMIT $9
        """;

    /// <summary>
    /// The cells with positions of those devices (null: of all of the tenant), those with most of them first; both ends of the
    /// period included.
    /// </summary>
    public async IAsyncEnumerable<HeatCell> ReadAsync(
        TenantScope scope, string[]? deviceIds, BoundingBox box, DateTimeOffset from, DateTimeOffset to, int zoom, int limit,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(Sql);
        command.Parameters.Add(new()
        {
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
            Value = (object?)deviceIds ?? DBNull.Value,
        });
        command.AddBox(box);
        command.AddTime(from);
        command.AddTime(to);
        command.AddTenant(scope);
        command.Parameters.Add(new() { Value = limit });
        command.Parameters.Add(new() { Value = 1 << zoom });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return new HeatCell(reader.GetInt32(0), reader.GetInt32(1), reader.GetInt64(2), reader.GetInt32(3));
        }
    }
}
