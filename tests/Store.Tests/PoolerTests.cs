using ArtMqtt.Contracts.Positions;
using ArtMqtt.Store.Devices;
using ArtMqtt.Store.LifeCycle;
using ArtMqtt.Store.Positions;
using ArtMqtt.Store.Routes;
using ArtMqtt.TestKit;

namespace ArtMqtt.Store.Tests;

/// <summary>PgBouncer in transaction mode between the store and the database.</summary>
public sealed class PoolerTests(TimescaleServer server)
{
    private static readonly DateTimeOffset _start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nodes_behind_a_pooler_do_what_they_do_without()
    {
        Assert.SkipUnless(File.Exists(PgBouncer.Program), "PgBouncer is not installed (apt-get install pgbouncer).");
        var direct = await server.CreateDatabaseAsync();
        using var pooler = await PgBouncer.StartAsync(direct, Token);
        (string, string)[] settings = [("ConnectionStrings:TimescaleDirect", direct)];
        await using var here = new StoreNode(pooler.Before(direct), null, settings);
        await using var there = new StoreNode(pooler.Before(direct), null, settings);
        await Task.WhenAll(here.StartAsync(), there.StartAsync());
        await Eventually.TrueAsync(() => here.Fleet.IsCurrent && there.Fleet.IsCurrent, Token);

        var device = await here.Get<DeviceRepository>().CreateAsync("van-1", null, new byte[] { 1 }, Token);
        await Eventually.TrueAsync(() => there.Fleet.FindDevice("van-1") is not null, Token);

        // More writers than the pooler has sessions, each with what another one wrote.
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => (writer % 2 == 0 ? here : there).Get<PositionWriter>()
            .WriteAsync(PositionRows.Of([Publish(device!.Key, writer * 50)]).All, Token)));
        Assert.Equal(450, await there.Get<RouteReader>().CountDeviceAsync(
            "van-1", new RouteSelection(_start, _start.AddHours(1), 1_000), Token));

        var policy = new RetentionPolicy([new FleetRetention("", null, null)], null, null, null);
        for (var turn = 0; turn < 3; turn++)
        {
            // A lock that stayed behind would keep all others out.
            Assert.NotNull(await (turn % 2 == 0 ? here : there).Get<RetentionRepository>().ApplyAsync(policy, Token));
        }
    }

    private static ReceivedPositions Publish(int key, int first) => new(
        key, "van-1", PositionRole.Device, null, _start,
        [.. Enumerable.Range(first, 100).Select(second => new ReceivedPosition(new Position(48, 11, _start.AddSeconds(second)), false))]);
}
