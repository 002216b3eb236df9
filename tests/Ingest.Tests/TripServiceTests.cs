using ArtMqtt.Contracts.Positions;
using ArtMqtt.TestKit;

namespace ArtMqtt.Ingest.Tests;

public sealed class TripServiceTests(TimescaleServer server)
{
    [Fact]
    public async Task Trips_and_stops_of_hours_that_are_over_are_found_without_being_asked_for()
    {
        var spool = new TestSpool();
        // Five minutes parked, five minutes at 20 m/s, ten minutes parked.
        spool.Append(Publish(0, 300, _ => 48.1));
        spool.Append(Publish(300, 300, second => 48.1 + ((second - 300) * 0.00018)));
        spool.Append(Publish(600, 600, _ => 48.154));
        await using var node = new IngestNode(
            await server.CreateDatabaseAsync(), spool, ("Ingest:Rollups:Interval", "00:00:00.100"));
        await node.StartAsync();
        await node.StoredAsync(3);

        await Eventually.TrueAsync(
            async () => await node.QueryAsync<long>("SELECT count(*) FROM device_stops") == 2,
            TestContext.Current.CancellationToken);

        Assert.Equal(6_000, await node.QueryAsync<double>("SELECT distance_m FROM device_trips"), tolerance: 100);
        Assert.Equal(0, await node.QueryAsync<long>("SELECT count(*) FROM device_trips_due"));
    }

    private static ReceivedPositions Publish(int from, int count, Func<int, double> latitude) => new(
        1, "truck-1", PositionRole.Device, null, IngestNode.Start,
        [.. Enumerable.Range(from, count).Select(second => new ReceivedPosition(
            new Position(latitude(second), 11.5, IngestNode.Start.AddSeconds(second)), false))]);
}
