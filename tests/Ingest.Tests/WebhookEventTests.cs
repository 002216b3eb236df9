using ArtMqtt.Store.Schema;
using ArtMqtt.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ArtMqtt.Ingest.Tests;

/// <summary>What ingest tells webhooks: geofences, and devices that fall silent.</summary>
public sealed class WebhookEventTests(TimescaleServer server)
{
    private static readonly (string, string)[] _quick =
        [("Ingest:Geofences:Interval", "00:00:00.050"), ("Ingest:Offline:Interval", "00:00:00.050")];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_device_that_is_driven_into_a_geofence_has_entered_it()
    {
        var spool = new TestSpool();
        await using var node = new IngestNode(await server.CreateDatabaseAsync(), spool, [.. _quick, ("Ingest:Offline:After", "365.00:00:00")]);
        await node.StartAsync();
        await PrepareAsync(node);
        await node.QueryAsync<int>("""
            INSERT INTO geofences (geofence_id, name, shape, created_at, updated_at)
            VALUES (gen_random_uuid(), 'yard', '{"type":"Point","coordinates":[11.5,48.1],"radius":100}', '2020-01-01Z', '2020-01-01Z') RETURNING 1
            """);
        spool.Append(IngestNode.Publish(1, 0, 10, latitude: 48.2));
        spool.Append(IngestNode.Publish(1, 10, 10));
        spool.Append(IngestNode.Publish(1, 20, 10, latitude: 48.2));

        await Eventually.TrueAsync(async () => await CountAsync(node) == 2, Token);
        Assert.Equal("geofence.enter 10,geofence.exit 20", await node.QueryAsync<string>("""
            SELECT string_agg(event_type || ' ' || extract(second FROM (body::json #>> '{data,position,fixTime}')::timestamptz)::integer, ',' ORDER BY delivery_id)
            FROM webhook_deliveries
            """));
        Assert.Equal(2, node.Measured.Of("artmqtt.ingest.geofences.crossed").Sum());
    }

    [Fact]
    public async Task A_device_that_falls_silent_is_offline_once_and_online_once_when_it_is_back()
    {
        var time = new FakeTimeProvider(IngestNode.Start);
        var spool = new TestSpool();
        await using var node = new IngestNode(await server.CreateDatabaseAsync(), spool, time, _quick);
        await node.StartAsync();
        await PrepareAsync(node);
        spool.Append(IngestNode.Publish(1, 0));
        await node.StoredAsync(1);
        await LookAsync(node, time, TimeSpan.FromMinutes(9));
        Assert.Equal(0, await CountAsync(node));

        await LookUntilAsync(time, TimeSpan.FromMinutes(1), async () => await CountAsync(node) == 1);
        await LookAsync(node, time, TimeSpan.FromHours(1));
        Assert.Equal("device.offline", await TypesAsync(node));
        spool.Append(IngestNode.Publish(1, 6_000));
        await LookUntilAsync(time, TimeSpan.FromSeconds(1), async () => await CountAsync(node) == 2);
        await LookAsync(node, time, TimeSpan.FromMinutes(5));
        Assert.Equal("device.offline,device.online", await TypesAsync(node));
        Assert.Equal("truck-1", await node.QueryAsync<string>("SELECT body::json #>> '{data,deviceId}' FROM webhook_deliveries LIMIT 1"));
    }

    [Fact]
    public async Task Nobody_is_offline_while_what_was_sent_is_not_stored_here_or_on_another_node()
    {
        var time = new FakeTimeProvider(IngestNode.Start);
        var spool = new TestSpool();
        await using var node = new IngestNode(await server.CreateDatabaseAsync(), spool, time, _quick);
        await node.StartAsync();
        await PrepareAsync(node);
        spool.Append(IngestNode.Publish(1, 0));
        await node.StoredAsync(1);
        // Another node that is behind: its spool is stored up to the beginning.
        await node.QueryAsync<int>("""
            INSERT INTO ingest_progress VALUES ('00000000-0000-0000-0000-000000000001', '2026-03-01 12:00Z', '2026-03-01 12:30Z') RETURNING 1
            """);
        await LookAsync(node, time, TimeSpan.FromMinutes(35));
        Assert.Equal(0, await CountAsync(node));
        // It is not heard of any more, so it does not count.
        await LookUntilAsync(time, TimeSpan.FromMinutes(1), async () => await CountAsync(node) == 1);
    }

    // A truck and an endpoint that wants everything.
    private static async Task PrepareAsync(IngestNode node)
    {
        await new SchemaMigrator(node.DataSource, NullLogger<SchemaMigrator>.Instance).MigrateAsync(Token);
        await node.QueryAsync<int>("""
            WITH device AS (
                INSERT INTO devices (device_key, device_id, secret_hash) VALUES (1, 'truck-1', '\x00') RETURNING 1),
            endpoint AS (
                INSERT INTO webhook_endpoints (endpoint_id, url, event_types, secret)
                SELECT gen_random_uuid(), 'https://example.org',
                    ARRAY['geofence.enter', 'geofence.exit', 'device.offline', 'device.online'], '\x00' RETURNING 1)
            SELECT 1 FROM device, endpoint
            """);
    }

    private static Task<long> CountAsync(IngestNode node) => node.QueryAsync<long>("SELECT count(*) FROM webhook_deliveries");

    private static Task<string> TypesAsync(IngestNode node) =>
        node.QueryAsync<string>("SELECT string_agg(event_type, ',' ORDER BY delivery_id) FROM webhook_deliveries");

    private static async Task<DateTimeOffset> SeenAsync(IngestNode node) =>
        await node.QueryAsync<DateTime>("SELECT coalesce(max(seen_at), '2000-01-01Z') FROM ingest_progress");

    // Lets the time pass, and the service look at it: when it looks the second time, it is through with the first.
    private static async Task LookAsync(IngestNode node, FakeTimeProvider time, TimeSpan span)
    {
        time.Advance(span);
        for (var look = 0; look < 2; look++)
        {
            var since = time.GetUtcNow();
            await LookUntilAsync(time, TimeSpan.FromMilliseconds(100), async () => await SeenAsync(node) > since);
        }
    }

    private static Task LookUntilAsync(FakeTimeProvider time, TimeSpan step, Func<Task<bool>> condition) => Eventually.TrueAsync(
        async () =>
        {
            time.Advance(step);
            return await condition();
        },
        Token);
}
