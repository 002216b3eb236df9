using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ArtMqtt.Contracts.Clients;
using ArtMqtt.Contracts.Devices;
using ArtMqtt.Live.Nodes;
using ArtMqtt.Live.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ArtMqtt.Live.Tests.Redis;

/// <summary>The live streams of one node.</summary>
internal sealed class LiveNode : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly Lines _lines;
    private bool _isKilled;

    private LiveNode(IHost host, Lines lines) => (_host, _lines) = (host, lines);

    /// <summary>What it has logged.</summary>
    public IReadOnlyCollection<string> Log => _lines.All;

    public ILiveStreams Streams => _host.Services.GetRequiredService<ILiveStreams>();

    public IClientClaims Claims => _host.Services.GetRequiredService<IClientClaims>();

    /// <summary>Streams that it knows.</summary>
    public int Known => _host.Services.GetRequiredService<FollowedStreams>().Count;

    /// <summary>What its instruments are of.</summary>
    public IMeterFactory Meters => _host.Services.GetRequiredService<IMeterFactory>();

    /// <summary>Its connection to Redis.</summary>
    public RedisLink Link => _host.Services.GetRequiredService<RedisLink>();

    /// <summary>Whether its health check says that Redis is there.</summary>
    public async Task<bool> IsHealthyAsync() =>
        (await _host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Status == HealthStatus.Healthy;

    public static async Task<LiveNode> StartAsync(
        string configuration, int ringSize = 256, string commandTimeout = "00:00:02", string leaveAfter = "00:00:10",
        int maxStreams = 20_000, int maxEnvelope = 128, TimeProvider? time = null, string? prefix = null, string name = "",
        IConnectedClients? clients = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Redis"] = configuration,
            ["Live:RingSize"] = $"{ringSize}",
            ["Live:MaxStreams"] = $"{maxStreams}",
            ["Live:Redis:MaxEnvelope"] = $"{maxEnvelope}",
            ["Live:Redis:RetryInterval"] = "00:00:00.100",
            ["Live:Redis:CommandTimeout"] = commandTimeout,
            ["Live:Redis:LeaveAfter"] = leaveAfter,
            ["Live:Redis:Prefix"] = prefix ?? "art",
            ["Node:Name"] = name,
            ["Node:HeartbeatInterval"] = "00:00:00.100",
            ["Node:MissingAfter"] = "00:00:00.600",
            ["Node:ForgetAfter"] = "00:00:03",
            ["Node:AnswerTimeout"] = "00:00:00.500",
        });
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddLiveStreams(builder.Configuration);
        if (clients is not null)
        {
            builder.Services.AddSingleton(clients);
        }

        var lines = new Lines();
        builder.Logging.AddProvider(lines);
        var host = builder.Build();
        await host.StartAsync();
        return new LiveNode(host, lines);
    }

    /// <summary>The nodes it knows of.</summary>
    public Task<SeenNodes> NodesAsync() =>
        _host.Services.GetRequiredService<INodeList>().ListAsync(TestContext.Current.CancellationToken);

    public ClientsOfNodes Clients => _host.Services.GetRequiredService<ClientsOfNodes>();

    public IDevicesElsewhere Devices => _host.Services.GetRequiredService<IDevicesElsewhere>();

    /// <summary>Ends it without a goodbye.</summary>
    public void Kill()
    {
        _isKilled = true;
        _host.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        if (_isKilled)
        {
            return;
        }

        await _host.StopAsync();
        _host.Dispose();
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> All { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Enqueue(formatter(state, exception));

        public void Dispose()
        {
            // Nothing to close.
        }
    }
}
