using ArtMqtt.TestKit;

namespace ArtMqtt.EndToEnd.Tests.Servers;

/// <summary>A node that asks devices for every step they make, so that tests need not wait for the next.</summary>
public sealed class OperatorNode(TimescaleServer server) : IAsyncLifetime
{
    private static readonly string[] _settings =
    [
        "--Broker:Devices:ActiveInterval", "00:00:00.500", "--Broker:Devices:ActiveDisplacement", "1",
        "--Broker:Devices:IdleInterval", "00:00:00.500", "--Broker:Devices:IdleDisplacement", "1",
        "--Gateway:Arrival:Enabled", "false",
    ];

    private string _database = "";

    internal NodeProcess Node { get; private set; } = null!;

    internal Dispatcher Dispatcher { get; private set; } = null!;

    internal PositionTable Positions => new(_database);

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync();
        Node = new NodeProcess(_database);
        await Node.StartAsync(_settings);
        Dispatcher = new Dispatcher(Node);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Dispatcher.Dispose();
        await Node.DisposeAsync();
    }
}
