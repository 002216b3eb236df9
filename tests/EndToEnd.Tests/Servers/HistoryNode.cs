using ArtMqtt.TestKit;

namespace ArtMqtt.EndToEnd.Tests.Servers;

/// <summary>A node with a past: the morning of three vans, a position each second.</summary>
/// <remarks>
/// <c>van-1</c> drives half an hour north at 10 m/s, stands for 10 minutes, and drives half an hour east at 15 m/s; <c>van-2</c>
/// the same 150 m beside it, <c>van-3</c> far away, for a request.
/// </remarks>
public sealed class HistoryNode(TimescaleServer server) : IAsyncLifetime
{
    /// <summary>Positions of each van.</summary>
    public const int Positions = 4_200;

    /// <summary>The period as a query.</summary>
    public const string Period = "from=2026-05-04T07:50:00Z&to=2026-05-04T09:30:00Z";

    /// <summary>The request that <c>van-3</c> served.</summary>
    public const string Request = "0b6e7f1c-0000-4000-8000-000000000001";

    private const string Past = $"""
        INSERT INTO devices (device_id, name, secret_hash)
        SELECT 'van-' || n, CASE n WHEN 1 THEN 'Tow truck' END, '\x00' FROM generate_series(1, 3) n;
        INSERT INTO devices (device_id, secret_hash) SELECT 'idle-' || n, '\x00' FROM generate_series(1, 60) n;
        INSERT INTO service_requests (request_id, status, device_key, pickup_lat, pickup_lng, customer_name, customer_token_hash, created_at)
        SELECT '{Request}', 'completed', device_key, 49, 12, 'Ms Example', '\x00', '2026-05-04 08:00Z'
        FROM devices WHERE device_id = 'van-3';
        INSERT INTO positions (device_key, fix_time, received_at, request_id, role, lat, lng, speed, heading, altitude)
        SELECT device_key, t, t, CASE n WHEN 3 THEN '{Request}'::uuid END, CASE n WHEN 3 THEN 1 ELSE 0 END,
            CASE n WHEN 3 THEN 49 ELSE 48.1 END + least(s, 1800) * 10 / 111195.0,
            CASE n WHEN 3 THEN 12 ELSE 11.5 END + CASE n WHEN 2 THEN 0.002 ELSE 0 END + greatest(s - 2400, 0) * 15 / 74100.0,
            CASE WHEN s < 1800 THEN 10 WHEN s < 2400 THEN 0 ELSE 15 END, CASE WHEN s < 2400 THEN 0 ELSE 90 END, 500 + s / 100.0
        FROM (SELECT device_key, substr(device_id, 5)::int AS n FROM devices WHERE device_id LIKE 'van-%') d
        CROSS JOIN LATERAL (
            SELECT s, '2026-05-04 08:00Z'::timestamptz + s * interval '1 second' AS t FROM generate_series(0, 4199) s) p;
        INSERT INTO device_hours_due
        SELECT DISTINCT device_key, date_trunc('hour', fix_time, 'GMT') FROM positions ON CONFLICT DO NOTHING
        """;

    private NodeProcess? _node;

    internal NodeProcess Node => _node!;

    public async ValueTask InitializeAsync()
    {
        var database = await server.CreateDatabaseAsync();
        _node = new NodeProcess(database);
        await _node.StartAsync();
        await new PositionTable(database).ExecuteAsync(Past);
    }

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }
    }
}

/// <summary>The tests that share it.</summary>
[CollectionDefinition]
public sealed class HistoryNodeTests : ICollectionFixture<HistoryNode>;
