using ArtMqtt.Contracts.Devices;
using ArtMqtt.Contracts.Positions;
using ArtMqtt.Spool;
using ArtMqtt.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace ArtMqtt.Ingest.Tests;

public sealed class IngestServiceTests(TimescaleServer server)
{
    [Fact]
    public async Task Stores_publishes_and_acknowledges_them()
    {
        await using var node = await StartAsync();

        for (var i = 0; i < 50; i++)
        {
            node.Spool.Append(IngestNode.Publish(device: 1, from: i * 2, count: 2));
        }

        await node.StoredAsync(50);
        Assert.Equal(100, await node.QueryAsync<long>("SELECT count(*) FROM positions"));
        Assert.Equal(node.Spool.Acknowledgements.Order(), node.Spool.Acknowledgements);
        await node.HealthyAsync();
    }

    [Fact]
    public async Task Stores_what_is_delivered_again_once()
    {
        var spool = new TestSpool();
        spool.Append(IngestNode.Publish(device: 1, from: 0, count: 5));
        spool.Append(IngestNode.Publish(device: 1, from: 3, count: 5));
        spool.Append(IngestNode.Publish(device: 1, from: 0, count: 5));

        await using var node = await StartAsync(spool);

        await node.StoredAsync(3);
        Assert.Equal(8, await node.QueryAsync<long>("SELECT count(*) FROM positions"));
    }

    [Fact]
    public async Task A_poison_row_goes_to_the_dead_letters_alone()
    {
        var spool = new TestSpool();
        for (var i = 0; i < 40; i++)
        {
            spool.Append(IngestNode.Publish(device: 1, from: i));
        }

        // The broker would have refused it; one row in the middle of a publish of ten.
        var poison = IngestNode.Publish(device: 2, from: 0, count: 10);
        var rows = poison.Positions.ToArray();
        rows[6] = rows[6] with { Position = rows[6].Position with { Latitude = 91 } };
        spool.Append(poison with { Positions = rows });
        spool.Append(IngestNode.Publish(device: 3, from: 0, latitude: double.NaN));
        for (var i = 40; i < 80; i++)
        {
            spool.Append(IngestNode.Publish(device: 1, from: i));
        }

        await using var node = await StartAsync(spool);

        await node.StoredAsync(82);
        Assert.Equal(89, await node.QueryAsync<long>("SELECT count(*) FROM positions"));
        Assert.Equal(
            "truck-2 position_refused_by_store 23514,truck-3 position_refused_by_store 23514",
            await node.QueryAsync<string>("""
                SELECT string_agg(device_id || ' ' || code || ' ' || left(detail, 5), ',' ORDER BY id) FROM dead_letters
                """));
        var payload = await node.QueryAsync<byte[]>("SELECT payload FROM dead_letters ORDER BY id LIMIT 1");
        Assert.True(SpoolRecord.TryDecode(payload, out var kept, out _));
        Assert.Equal(rows[6], Assert.Single(kept!.Positions));
    }

    [Fact]
    public async Task Keeps_dead_letters_and_records_that_cannot_be_read()
    {
        var spool = new TestSpool();
        spool.Append(SpoolRecord.Encode(new RejectedPayload(
            "truck-\0-9", "art/devices/truck-9/position", IngestNode.Start, "position_malformed", "Not JSON.",
            new byte[] { 1, 2, 3 })));
        spool.Append([99, 1, 2, 3]);
        spool.Append(SpoolRecord.Encode(new DeviceEvent("nobody", DeviceEventKind.Connected, IngestNode.Start, IsOnline: true)));
        spool.Append(IngestNode.Publish(device: 1, from: 0));

        await using var node = await StartAsync(spool);

        await node.StoredAsync(4);
        Assert.Equal("position_malformed,spool_record_unreadable", await node.QueryAsync<string>(
            "SELECT string_agg(code, ',' ORDER BY id) FROM dead_letters"));
        Assert.Equal(1, await node.QueryAsync<long>("SELECT count(*) FROM positions"));
    }

    [Fact]
    public async Task A_flood_of_what_is_no_position_is_kept_in_parts()
    {
        var spool = new TestSpool();
        for (var i = 0; i < 5_100; i++)
        {
            spool.Append([99, 1, 2, 3]);
        }

        spool.Append(IngestNode.Publish(device: 1, from: 0));
        await using var node = await StartAsync(spool);

        await node.StoredAsync(5_101);
        Assert.Equal([5_000, 5_101], spool.Acknowledgements);
        Assert.Equal(5_100, await node.QueryAsync<long>("SELECT count(*) FROM dead_letters"));
    }

    [Fact]
    public async Task Cuts_what_was_read_into_writes_of_the_configured_size()
    {
        var spool = new TestSpool();
        for (var i = 0; i < 10; i++)
        {
            spool.Append(IngestNode.Publish(device: 1, from: i * 4, count: 4));
        }

        await using var node = await StartAsync(spool, ("Ingest:Batch:MaxPositions", "10"));

        await node.StoredAsync(10);
        Assert.Equal([2, 4, 6, 8, 10], spool.Acknowledgements);
    }

    [Fact]
    public async Task Stops_with_everything_acknowledged_that_is_stored()
    {
        var spool = new TestSpool();
        for (var i = 0; i < 20_000; i++)
        {
            spool.Append(IngestNode.Publish(device: i % 100, from: i));
        }

        await using var node = await StartAsync(
            spool, ("Ingest:Batch:MaxPositions", "100"), ("Ingest:DrainTimeout", "00:00:00"));
        await node.StoredAsync(500);
        await node.StopAsync();

        await using var probe = new IngestNode(
            await ConnectionStringAsync(), new TestSpool());
        Assert.Equal(spool.Acknowledged, await probe.QueryAsync<long>("SELECT count(*) FROM positions"));
        Assert.Equal(0, spool.Acknowledged % 100);
    }

    [Fact]
    public async Task Stores_what_is_left_in_the_spool_before_it_stops()
    {
        var spool = new TestSpool();
        for (var i = 0; i < 5_000; i++)
        {
            spool.Append(IngestNode.Publish(device: i % 100, from: i));
        }

        await using var node = await StartAsync(
            spool, ("Ingest:Batch:MaxPositions", "100"), ("Ingest:DrainTimeout", "00:05:00"));
        await node.StoredAsync(100);
        await node.StopAsync();

        await using var probe = new IngestNode(await ConnectionStringAsync(), new TestSpool());
        Assert.Equal(5_000, spool.Acknowledged);
        Assert.Equal(5_000, await probe.QueryAsync<long>("SELECT count(*) FROM positions"));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("3")]
    public async Task Empties_a_spool_on_disk_that_is_filled_meanwhile(string writers)
    {
        using var folder = new TestFolder();
        await using var spool = DurableSpool.Open(
            new SpoolOptions { Folder = Path.Combine(folder.Path, "spool") }, TimeProvider.System,
            NullLogger<DurableSpool>.Instance);
        await using var node = new IngestNode(
            await ConnectionStringAsync(), spool, ("Ingest:Batch:MaxRecords", "500"), ("Ingest:Writers", writers));
        await node.StartAsync();

        // Sometimes one by one, sometimes more than one batch takes.
        foreach (var count in (int[])[1, 1, 2_500, 1, 3, 1_200, 1])
        {
            var from = (int)(spool.Acknowledged + spool.Status.Records);
            await Task.WhenAll(Enumerable.Range(from, count).Select(i => spool.AppendAsync(
                SpoolRecord.Encode(IngestNode.Publish(device: i % 7, from: i)), TestContext.Current.CancellationToken).AsTask()));
            if (count == 1)
            {
                await node.StoredAsync(from + 1);
            }
        }

        await node.StoredAsync(3_707);
        Assert.Equal(3_707, await node.QueryAsync<long>("SELECT count(*) FROM positions"));
        Assert.Equal(7, await node.QueryAsync<long>("""
            SELECT count(*) FROM device_latest l
            WHERE fix_time = (SELECT max(fix_time) FROM positions p WHERE p.device_key = l.device_key)
            """));
    }

    private string? _database;

    private async Task<string> ConnectionStringAsync() => _database ??= await server.CreateDatabaseAsync();

    private async Task<IngestNode> StartAsync(TestSpool? spool = null, params (string Key, string Value)[] settings)
    {
        var node = new IngestNode(await ConnectionStringAsync(), spool ?? new TestSpool(), settings);
        await node.StartAsync();
        return node;
    }
}
