using ArtMqtt.EndToEnd.Tests.Publishers;
using ArtMqtt.EndToEnd.Tests.Servers;
using ArtMqtt.TestKit;

namespace ArtMqtt.EndToEnd.Tests;

/// <summary>A fix that the agent has taken is a row in the database, whatever breaks on the way there.</summary>
public sealed class VehicleTests(TimescaleServer server, ITestOutputHelper output) : IDisposable
{
    // More than the two publishes that are under way at once.
    private const int Backlog = 500;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_taken_in_tunnels_is_stored_once_and_the_newest_comes_first()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"Seed {seed}");
        var random = new Random(seed);
        var database = await server.CreateDatabaseAsync();
        await using var node = new NodeProcess(database);
        await node.StartAsync();
        using var dispatcher = new Dispatcher(node);
        var device = await dispatcher.CreateDeviceAsync();
        await node.KeptAsync([device.DeviceId]);
        await using var network = new TcpProxy(node.MqttPort);
        using var agent = new VehicleAgent(device, $"127.0.0.1:{network.Port}", Path.Combine(_folder.Path, "spool"));
        agent.Start();

        for (var tunnel = 0; tunnel < 4; tunnel++)
        {
            network.CutAfter(random.Next(1, 2_000));
            await agent.TellAsync(random.Next(50, 150));
            network.Stall();
            await agent.TellAsync(random.Next(1, 50));
            await agent.TookAllAsync();
            network.Heal();
            network.Cut();
            if (tunnel % 2 == 0)
            {
                await agent.KillAsync();
                agent.Start();
            }
        }

        await node.KillAsync();
        await agent.TellAsync(random.Next(50, 150));
        await agent.TookAllAsync();
        await node.StartAsync();
        await agent.DeliveredAllAsync();

        // The last tunnel is long, and the agent loses its power in it.
        network.Target = Ports.Free();
        network.Cut();
        var first = agent.Sent;
        await agent.TellAsync(Backlog);
        await agent.TookAllAsync();
        await agent.KillAsync();
        network.Target = node.MqttPort;
        agent.Start();
        await agent.DeliveredAllAsync();
        await node.DrainedAsync();

        var rows = await new PositionTable(database).ArrivalsAsync(device.DeviceId);
        output.WriteLine($"{agent.Sent} fixes, {rows.Count} rows.");
        Assert.Equal(Enumerable.Range(0, agent.Sent).Select(VehicleAgent.Fix), rows.Select(row => (row.Time, row.Latitude)));
        var backlog = rows[first..];
        Assert.True(backlog[^1].Received < backlog[^2].Received, "The newest did not go ahead.");
        Assert.All(backlog[..^1].Zip(backlog[1..^1]), pair => Assert.True(pair.First.Received <= pair.Second.Received));
    }

    [Fact]
    public async Task A_simulated_fleet_is_stored_as_often_as_it_was_acknowledged()
    {
        const int Vehicles = 300;
        var database = await server.CreateDatabaseAsync();
        await using var node = new NodeProcess(database);
        await node.StartAsync();
        using var dispatcher = new Dispatcher(node);
        var devices = new List<Credential>();
        foreach (var some in Enumerable.Range(0, Vehicles).Chunk(20))
        {
            devices.AddRange(await Task.WhenAll(some.Select(_ => dispatcher.CreateDeviceAsync())));
        }

        var counts = await Agent.SimulateFleetAsync(node, devices, seconds: 4, _folder.Path);
        await node.DrainedAsync();

        Assert.Equal((counts.Published, 0, 0), (counts.Acknowledged, counts.Refused, counts.Waiting));
        Assert.True(counts.Published >= 3 * Vehicles, $"{counts.Published} were published.");
        Assert.Equal(counts.Published, await new PositionTable(database).CountAsync());
    }
}
