namespace ArtMqtt.Node;

/// <summary>Registration of what every node needs, whatever its roles.</summary>
internal static partial class NodeServices
{
    // Longer than the drains of broker and ingest together, shorter than what supervisors usually wait.
    private static readonly TimeSpan _shutdown = TimeSpan.FromSeconds(40);

    /// <summary>Adds the data folder, defaults that are below every other configuration, and logs.</summary>
    public static void AddNode(this WebApplicationBuilder builder, NodeOptions node)
    {
        PrivateFolder.Create(node.DataFolder);
        builder.Configuration.Sources.Insert(0, Defaults(node));
        builder.Services.AddSingleton(node);
        builder.AddNodeFacts(node);
        builder.Services.AddHostedService<RoleAdvice>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = _shutdown);
        builder.Logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss "));
        builder.Logging.AddJsonConsole(console => (console.UseUtcTimestamp, console.TimestampFormat) = (true, "O"));
    }

    private static Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource Defaults(NodeOptions node) => new()
    {
        InitialData = new Dictionary<string, string?>
        {
            ["Node:Name"] = NodeFacts.NameOf(node),
            ["Spool:Folder"] = Path.Combine(node.DataFolder, "spool"),
            ["Broker:State:File"] = Path.Combine(node.DataFolder, "broker.db"),
            ["Live:PositionsFile"] = Path.Combine(node.DataFolder, "live-streams.json"),
            ["Store:FleetSnapshotFile"] = Path.Combine(node.DataFolder, "fleet.json"),
            // Lines for a person at a terminal, JSON for everything that collects logs.
            ["Logging:Console:FormatterName"] = Console.IsOutputRedirected ? "json" : "simple",
            ["Logging:LogLevel:Default"] = "Information",
            ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
            ["Logging:LogLevel:Npgsql"] = "Warning",
        },
    };

    /// <summary>Says once what a node with only some of the roles leaves to others.</summary>
    private sealed partial class RoleAdvice(NodeOptions node, IConfiguration configuration, ILogger<RoleAdvice> logger) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            LogStarting(node.Roles, node.DataFolder);
            if (node.Has(NodeRoles.Broker) && !node.Has(NodeRoles.Ingest))
            {
                LogNotDrained(node.DataFolder);
            }

            if (string.IsNullOrEmpty(configuration.GetConnectionString("Redis")))
            {
                if (node.Has(NodeRoles.Gateway) && !node.Has(NodeRoles.Broker))
                {
                    LogNothingLive();
                }
                else if (node.Has(NodeRoles.Broker) && !node.Has(NodeRoles.Gateway))
                {
                    LogNobodyWatches();
                }
            }

            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        [LoggerMessage(LogLevel.Information, "Node with the roles {Roles}; data in {Folder}")]
        private partial void LogStarting(NodeRoles roles, string folder);

        [LoggerMessage(LogLevel.Warning,
            "Without the role ingest, positions stay in the spool until a process with it reads Spool:Folder, in {Folder} by default")]
        private partial void LogNotDrained(string folder);

        [LoggerMessage(LogLevel.Warning,
            "Without the role broker and without ConnectionStrings:Redis, this gateway shows status changes and history, but no live positions of other nodes")]
        private partial void LogNothingLive();

        [LoggerMessage(LogLevel.Warning,
            "Without the role gateway and without ConnectionStrings:Redis, no gateway shows live what this broker takes")]
        private partial void LogNobodyWatches();
    }
}
