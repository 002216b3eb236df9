using ArtMqtt.TestKit;
using Microsoft.Extensions.Options;

namespace ArtMqtt.Ingest.Tests;

/// <summary>What is too old goes by itself, by the settings.</summary>
public sealed class RetentionServiceTests(TimescaleServer server)
{
    private static readonly int _age = (int)(TimeProvider.System.GetUtcNow() - IngestNode.Start).TotalDays;

    [Fact]
    public async Task Removes_what_is_too_old_while_positions_come_in()
    {
        await using var node = new IngestNode(
            await server.CreateDatabaseAsync(), new TestSpool(),
            ("Ingest:Retention:Interval", "00:00:00.200"), ("Ingest:Retention:ChunkInterval", "02:00:00"),
            ("Ingest:Retention:Positions", $"{_age - 5}"), ("Ingest:Retention:CustomerPositions", "1"),
            ("Ingest:Retention:Fleets:keep-:Positions", $"{_age + 50}"));
        await node.StartAsync();
        node.Spool.Append(IngestNode.Publish(device: 1, from: 0, count: 10));
        node.Spool.Append(IngestNode.Publish(device: 2, from: 0, count: 10));
        node.Spool.Append(IngestNode.Publish(device: 1, from: 20 * 86_400));
        await node.StoredAsync(3);
        await node.QueryAsync<int>("INSERT INTO devices VALUES (1, 'truck-1', null, ''), (2, 'keep-2', null, '') RETURNING 1");

        await Eventually.TrueAsync(
            async () => await node.QueryAsync<long>("SELECT count(*) FROM positions WHERE device_key = 1") == 1,
            TestContext.Current.CancellationToken);

        Assert.Equal(10, await node.QueryAsync<long>("SELECT count(*) FROM positions WHERE device_key = 2"));
        Assert.Equal(TimeSpan.FromHours(2), await node.QueryAsync<TimeSpan>(
            "SELECT time_interval FROM timescaledb_information.dimensions WHERE hypertable_name = 'positions'"));
    }

    [Theory]
    [InlineData("Ingest:Retention:Positions", "00:10:00", "Ingest:Retention:Positions is '00:10:00'")]
    [InlineData("Ingest:Retention:Fleets:acme-:Hours", "-1", "Ingest:Retention:Fleets:acme-:Hours is '-1.00:00:00'")]
    [InlineData("Ingest:Retention:Fleets:Acme:Hours", "10", "'Acme': no device id can begin with that")]
    [InlineData("Ingest:Retention:ChunkInterval", "00:01:00", "ChunkInterval")]
    public async Task A_wrong_age_stops_the_start(string key, string value, string expected)
    {
        await using var node = new IngestNode("Host=127.0.0.1;Port=1", new TestSpool(), (key, value));

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(node.StartAsync);

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }
}
