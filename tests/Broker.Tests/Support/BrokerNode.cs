using System.Net;
using ArtMqtt.Broker.FrontDoors;
using ArtMqtt.Contracts.Fleet;
using ArtMqtt.Contracts.Security;
using ArtMqtt.Live;
using ArtMqtt.Spool;
using ArtMqtt.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using MQTTnet;
using MQTTnet.Formatter;

namespace ArtMqtt.Broker.Tests.Support;

/// <summary>A host with the broker, its own ports, and all around it real but the directory.</summary>
internal sealed class BrokerNode : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<IDisposable> _clients = [];

    private BrokerNode(WebApplication app) => _app = app;

    public FakeFleet Fleet { get; private init; } = null!;

    public GatedSpool Spool { get; private init; } = null!;

    public FakeTimeProvider? Time { get; private init; }

    public int Port { get; private init; }

    public int HttpPort { get; private init; }

    public string DispatcherToken { get; private init; } = "";

    public string AdminToken { get; private init; } = "";

    public IServiceProvider Services => _app.Services;

    public ILiveStreams Live => Services.GetRequiredService<ILiveStreams>();

    /// <summary>Starts a node.</summary>
    /// <param name="settings">Pairs of option and value, for example <c>("MaxConnections", "2")</c>.</param>
    /// <param name="time">Clock; real when null.</param>
    /// <param name="log">Takes what is logged; nobody when null.</param>
    /// <param name="redis">Connection string of what it shares with other nodes; null when it is alone.</param>
    /// <param name="shared">The fleet of the other nodes; its own when null.</param>
    /// <param name="devices">Devices that it knows from the beginning.</param>
    public static async Task<BrokerNode> StartAsync(
        (string Option, string Value)[]? settings = null, FakeTimeProvider? time = null,
        ILoggerProvider? log = null, string? redis = null, FakeFleet? shared = null, params string[] devices)
    {
        var (port, httpPort) = (Ports.Free(), Ports.Free());
        var (dispatcher, admin) = (AccessToken.NewDispatcher(), AccessToken.NewAdmin());
        var fleet = shared ?? new FakeFleet();
        Array.ForEach(devices, device => fleet.AddDevice(device));
        var spool = new GatedSpool();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (log is not null)
        {
            builder.Logging.AddProvider(log);
        }

        builder.Configuration["Broker:Port"] = $"{port}";
        builder.Configuration["Tokens:Issuer"] = TestToken.Issuer;
        builder.Configuration["Tokens:Audience"] = TestToken.Audience;
        builder.Configuration["Tokens:SymmetricKey"] = Convert.ToBase64String(Authenticators.TokenKey);
        foreach (var (option, value) in settings ?? [])
        {
            builder.Configuration[$"Broker:{option}"] = value;
        }

        builder.Configuration["ConnectionStrings:Redis"] = redis;
        builder.Services.AddSingleton<TimeProvider>(time ?? TimeProvider.System);
        builder.Services.AddSingleton<ISpool>(spool).AddSingleton<IFleetDirectory>(fleet);
        builder.Services.AddSingleton(fleet.Hasher);
        builder.Services.AddSingleton(new DispatcherCredential(fleet.Hasher.Hash(dispatcher.Secret)));
        builder.Services.AddSingleton(new AdminCredential(fleet.Hasher.Hash(admin.Secret)));
        builder.Services.AddLiveStreams(builder.Configuration);
        builder.AddBroker();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, httpPort));
        var app = builder.Build();
        app.UseWebSockets();
        app.MapMqttOverWebSocket();
        app.MapFrontDoors();
        var node = new BrokerNode(app)
        {
            Fleet = fleet,
            Spool = spool,
            Time = time,
            Port = port,
            HttpPort = httpPort,
            DispatcherToken = dispatcher.ToString(),
            AdminToken = admin.ToString(),
        };
        await app.StartAsync(TestContext.Current.CancellationToken);
        return node;
    }

    /// <summary>Options of a client that presents a device's right secret.</summary>
    public MqttClientOptionsBuilder DeviceOptions(
        string deviceId, MqttProtocolVersion version = MqttProtocolVersion.V500) =>
        Options(deviceId, $"secret-{deviceId}", version).WithClientId(deviceId);

    /// <summary>Options of any client.</summary>
    public MqttClientOptionsBuilder Options(
        string userName, string password, MqttProtocolVersion version = MqttProtocolVersion.V500) =>
        new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", Port).WithProtocolVersion(version)
            .WithCredentials(userName, password).WithTimeout(TimeSpan.FromSeconds(30));

    /// <summary>Connects a client that the node disposes at its end.</summary>
    public async Task<(IMqttClient Client, MqttClientConnectResult Result)> ConnectAsync(
        MqttClientOptionsBuilder options, Action<IMqttClient>? prepare = null)
    {
        var client = new MqttClientFactory().CreateMqttClient();
        prepare?.Invoke(client);
        _clients.Add(client);
        var result = await client.ConnectAsync(options.Build(), TestContext.Current.CancellationToken);
        return (client, result);
    }

    /// <summary>Connects a device.</summary>
    public async Task<IMqttClient> ConnectDeviceAsync(
        string deviceId, MqttProtocolVersion version = MqttProtocolVersion.V500) =>
        (await ConnectAsync(DeviceOptions(deviceId, version))).Client;

    /// <summary>Stops the host as Ctrl-C does.</summary>
    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(c => c.Dispose());
        await _app.DisposeAsync();
    }
}
